// Contacts that do not reach anybody, with what is to be done next.

import { Tag } from "antd";
import { AccountLink, Day, DaysLeft, ListPage } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Failures() {
  const w = useWords(words);
  const name = useNames();
  const reasons = useOptions("contactTrouble");
  return (
    <ListPage
      path="/contact-failures"
      name="notices.failures"
      title={w.failures}
      rowKey={(row) => `${row.account_no}/${row.contact_no}`}
      rowPath={(row) => `/accounts/${row.account_no}/contacts`}
      filters={[{ key: "reason", label: w.reason, kind: "select", options: reasons }]}
      columns={[
        {
          key: "account_no",
          title: w.account,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} tab="contacts" />,
        },
        { key: "customer", title: w.customer },
        { key: "kind", title: w.contactKind, render: (row) => name("contactKind", row.kind) },
        { key: "value", title: w.value },
        {
          key: "reason",
          title: w.reason,
          render: (row) => <Tag color="red">{name("contactTrouble", row.reason)}</Tag>,
        },
        { key: "since", title: w.since, sort: "since", render: (row) => <Day value={row.since} /> },
        { key: "next", title: w.next, render: (row) => name("taskKind", row.next) },
        { key: "due_on", title: w.taskDue, sort: "due_on", render: (row) => <Day value={row.due_on} /> },
        { key: "days_left", title: w.left, render: (row) => <DaysLeft days={row.days_left} /> },
      ]}
    />
  );
}
