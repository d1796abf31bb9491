// 复电: what has to be back, by when, and what was late.

import { Tag } from "antd";
import type { Schema } from "@/api";
import { AccountLink, Day, ListPage, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Restorations() {
  const w = useWords(words);
  const name = useNames();
  return (
    <ListPage
      path="/restorations"
      name="restorations"
      title={w.restorations}
      rowKey={(row) => `${row.account_no}/${row.operation_no}`}
      rowPath={(row) => `/disconnection/cases/${row.account_no}`}
      filters={[
        { key: "open", label: w.openOnly, kind: "switch" },
        { key: "late", label: w.lateOnly, kind: "switch" },
      ]}
      columns={[
        {
          key: "account_no",
          title: w.number,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} tab="cuts" />,
        },
        { key: "address", title: w.address },
        { key: "clock", title: w.clock, sort: "minutes_left", render: (row) => <Clock row={row} /> },
        {
          key: "state",
          title: w.state,
          render: (row) => <StateTag family="operationState" word={row.state} />,
        },
        { key: "channel", title: w.channel, render: (row) => name("operationChannel", row.channel) },
        {
          key: "ordered_at",
          title: w.orderedAt,
          sort: "ordered_at",
          render: (row) => <Day value={row.ordered_at} />,
        },
        { key: "due_at", title: w.dueAt, sort: "due_at", render: (row) => <Day value={row.due_at} /> },
        { key: "done_at", title: w.doneAt, sort: "done_at", render: (row) => <Day value={row.done_at} /> },
        { key: "detail", title: w.reason, render: (row) => name("warrantEnd", row.detail) },
      ]}
    />
  );
}

function Clock({ row }: { row: Schema<"RestorationLine"> }) {
  const w = useWords(words);
  const left = row.minutes_left;
  if (left === null || left === undefined) {
    return <Tag color={row.late ? "red" : "green"}>{row.late ? w.wasLate : w.inTime}</Tag>;
  }
  const [hours, minutes] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
  return left < 0 ? (
    <Tag color="red">{w.minutesOver(hours, minutes)}</Tag>
  ) : (
    <Tag color={left < 240 ? "orange" : "green"}>{w.minutesLeft(hours, minutes)}</Tag>
  );
}
