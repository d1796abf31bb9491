// The reading orders of a month with how far they are, and who is still to be read.

import { Progress, Tabs } from "antd";
import { AccountLink, Day, ListPage, PageHead } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Orders() {
  const w = useWords(words);
  return (
    <>
      <PageHead title={w.orders} />
      <Tabs
        destroyOnHidden
        items={[
          { key: "orders", label: w.orders, children: <OrderList /> },
          { key: "unread", label: w.unread, children: <Unread /> },
        ]}
      />
    </>
  );
}

function OrderList() {
  const w = useWords(words);
  return (
    <ListPage
      path="/reading-orders"
      args={{}}
      name="metering.orders"
      filters={[{ key: "month", label: w.month, kind: "month" }]}
      rowKey={(order) => `${order.route}${order.month}`}
      empty={w.noOrders}
      columns={[
        { key: "route", title: w.route, sort: "route" },
        { key: "month", title: w.month },
        { key: "due_on", title: w.dueOn, sort: "due_on", render: (order) => <Day value={order.due_on} /> },
        {
          key: "state",
          title: w.state,
          sort: "state",
          render: (order) => (order.state === "open" ? w.open : w.closed),
        },
        { key: "expected", title: w.expected, sort: "expected", align: "right" },
        { key: "taken", title: w.taken, sort: "taken", align: "right" },
        { key: "missed", title: w.missed, sort: "missed", align: "right" },
        {
          key: "share",
          title: w.share,
          width: 160,
          render: (order) => (
            <Progress
              aria-label={w.share}
              size="small"
              percent={order.expected > 0 ? Math.round((order.taken / order.expected) * 1000) / 10 : 100}
            />
          ),
        },
      ]}
    />
  );
}

function Unread() {
  const w = useWords(words);
  return (
    <ListPage
      path="/unread-accounts"
      args={{}}
      name="metering.unread"
      filters={[{ key: "route", label: w.route, kind: "text" }]}
      rowKey={(row) => row.account_no}
      rowPath={(row) => `/accounts/${row.account_no}/readings`}
      columns={[
        {
          key: "account_no",
          title: w.account,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} />,
        },
        { key: "address", title: w.address },
        { key: "route", title: w.route, sort: "route" },
        { key: "month", title: w.month },
        { key: "due_on", title: w.dueOn, sort: "due_on", render: (row) => <Day value={row.due_on} /> },
        {
          key: "days_late",
          title: w.daysLate,
          sort: "days_late",
          align: "right",
          render: (row) => w.days(row.days_late),
        },
      ]}
    />
  );
}
