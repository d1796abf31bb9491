// The columns of a list of notices.

import { Tag } from "antd";
import type { RowOf } from "@/api";
import { AccountLink, type Column, Day, DaysLeft, Money, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

type Row = RowOf<"/notices">;

/** The columns in the language shown. */
export function useColumns(): Column<Row>[] {
  const w = useWords(words);
  const name = useNames();
  return [
    {
      key: "account_no",
      title: w.account,
      sort: "account_no",
      render: (row) => <AccountLink no={row.account_no} tab="notices" />,
    },
    { key: "customer", title: w.customer },
    { key: "org", title: w.unit, hidden: true },
    { key: "kind", title: w.kind, sort: "kind", render: (row) => name("noticeKind", row.kind) },
    {
      key: "decided_on",
      title: w.decidedOn,
      sort: "decided_on",
      render: (row) => <Day value={row.decided_on} />,
    },
    { key: "due_by", title: w.dueBy, sort: "due_by", render: (row) => <Day value={row.due_by} /> },
    { key: "days_left", title: w.left, render: (row) => <DaysLeft days={row.days_left} /> },
    { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
    { key: "state", title: w.state, render: (row) => <StateTag family="noticeState" word={row.state} /> },
    { key: "channel", title: w.channel, render: (row) => name("noticeChannel", row.channel) },
    {
      key: "delivery",
      title: w.delivery,
      render: (row) => <StateTag family="deliveryState" word={row.delivery} />,
    },
    { key: "served_at", title: w.servedAt, hidden: true, render: (row) => <Day value={row.served_at} /> },
    { key: "detail", title: w.detail, hidden: true },
    {
      key: "next",
      title: w.next,
      render: (row) => row.next && <Tag color="orange">{name("noticeNext", row.next)}</Tag>,
    },
  ];
}
