// Overdue bills of one's unit.

import { Tag } from "antd";
import { useGet } from "@/api";
import { useMay } from "@/app/session";
import { AccountLink, Day, ListPage, Money } from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Arrears() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const may = useMay();
  const ageing = useGet("/arrears/ageing", { query: {} });
  const collectors = useGet("/collectors", {});
  const category = useOptions("category");
  const customers = useOptions("customerKind");
  const steps = useOptions("ladderStep");
  const rows = ageing.data?.rows ?? [];
  const ages = [...new Map(rows.map((row) => [row.age, say(row.age_name)])).entries()];
  const units = [...new Map(rows.map((row) => [row.org, row.name])).entries()];
  const options = (pairs: [string, string][]) => pairs.map(([value, label]) => ({ value, label }));
  return (
    <ListPage
      path="/arrears"
      name="collections.arrears"
      title={w.arrears}
      rowKey={(row) => `${row.account_no}/${row.bill_no}`}
      rowPath={(row) =>
        may("work_ladder") ? `/collections/card/${row.account_no}` : `/accounts/${row.account_no}/debts`
      }
      filters={[
        { key: "org", label: w.unit, kind: "select", options: options(units), width: 140 },
        { key: "age", label: w.age, kind: "select", options: options(ages), width: 130 },
        { key: "category", label: w.category, kind: "select", options: category, width: 120 },
        { key: "customer_kind", label: w.customerKind, kind: "select", options: customers, width: 120 },
        { key: "stage", label: w.stage, kind: "select", options: steps, width: 130 },
        {
          key: "collector",
          label: w.collector,
          kind: "select",
          width: 150,
          options: (collectors.data?.collectors ?? []).map((one) => ({
            value: one.code,
            label: `${one.code} ${one.name}`,
          })),
        },
        { key: "least", label: w.least, kind: "text", width: 130 },
        {
          key: "held",
          label: w.held,
          kind: "select",
          width: 110,
          options: [
            { value: "true", label: w.heldYes },
            { value: "false", label: w.heldNo },
          ],
        },
      ]}
      columns={[
        { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
        { key: "customer", title: w.customer },
        { key: "org", title: w.unit },
        { key: "route", title: w.route, hidden: true },
        { key: "category", title: w.category, render: (row) => name("category", row.category) },
        { key: "month", title: w.month },
        { key: "due_on", title: w.dueOn, sort: "due_on", render: (row) => <Day value={row.due_on} /> },
        { key: "days_overdue", title: w.daysOverdue, align: "right" },
        {
          key: "principal",
          title: w.principal,
          align: "right",
          sort: "amount",
          render: (row) => <Money value={row.principal} />,
        },
        {
          key: "late_fee",
          title: w.lateFee,
          align: "right",
          render: (row) => <Money value={row.late_fee} />,
        },
        {
          key: "stands_on",
          title: w.stage,
          render: (row) => name("ladderStep", row.stands_on?.split(":")[0]),
        },
        { key: "held", title: w.held, render: (row) => row.held && <Tag color="orange">{w.heldYes}</Tag> },
      ]}
    />
  );
}
