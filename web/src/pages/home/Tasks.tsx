// Every open task of one's role, the earliest day first.

import { useNavigate } from "react-router";
import { taskPath } from "@/app/pages";
import { useHolds } from "@/app/session";
import { AccountLink, Day, DaysLeft, type Filter, ListPage } from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { words } from "./words";

/** The list. */
export default function Tasks() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const holds = useHolds();
  const navigate = useNavigate();
  const kinds = useOptions("taskKind");
  const roles = useOptions("role");
  const filters: Filter[] = [
    { key: "kind", label: w.kind, kind: "select", options: kinds, width: 190 },
    ...(holds("manager") ? [{ key: "role", label: w.role, kind: "select", options: roles } as const] : []),
    { key: "due_by", label: w.dueBy, kind: "day" },
  ];
  return (
    <ListPage
      path="/tasks"
      name="tasks"
      title={w.tasks}
      filters={filters}
      rowKey={(task) => `${task.kind}/${task.account_no}/${task.subject}`}
      onRow={(task) => {
        const to = taskPath(task);
        if (to) {
          navigate(to);
        }
      }}
      columns={[
        { key: "kind", title: w.kind, render: (task) => name("taskKind", task.kind) },
        { key: "account_no", title: w.account, render: (task) => <AccountLink no={task.account_no} /> },
        { key: "address", title: w.address },
        { key: "detail", title: w.detail, render: (task) => say(task.detail) },
        { key: "left", title: w.left, render: (task) => <DaysLeft days={task.days_left} /> },
        { key: "due_on", title: w.dueOn, render: (task) => <Day value={task.due_on} /> },
        { key: "opened_on", title: w.openedOn, render: (task) => <Day value={task.opened_on} /> },
        { key: "subject", title: w.subject, hidden: true },
        { key: "role", title: w.role, hidden: true, render: (task) => name("role", task.role) },
      ]}
    />
  );
}
