// 法律案件: the cases of one's unit; what has to be looked at first stands first.

import { AccountLink, Day, DaysLeft, ListPage, Money, StateTag } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Cases() {
  const w = useWords(words);
  const name = useNames();
  const kinds = useOptions("legalKind");
  const states = useOptions("legalState");
  return (
    <ListPage
      path="/legal/cases"
      name="legal.cases"
      title={w.cases}
      rowKey={(row) => `${row.account_no}/${row.case_no}`}
      rowPath={(row) => `/legal/cases/${row.account_no}/${row.case_no}`}
      filters={[
        { key: "kind", label: w.kind, kind: "select", options: kinds },
        { key: "state", label: w.state, kind: "select", options: states },
        { key: "open", label: w.openOnly, kind: "switch" },
      ]}
      columns={[
        {
          key: "account_no",
          title: w.number,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} tab="legal" />,
        },
        { key: "kind", title: w.kind, render: (row) => name("legalKind", row.kind) },
        {
          key: "state",
          title: w.state,
          sort: "state",
          render: (row) => <StateTag family="legalState" word={row.state} />,
        },
        {
          key: "claim",
          title: w.claim,
          sort: "claim",
          align: "right",
          render: (row) => <Money value={row.claim} />,
        },
        {
          key: "late_fee",
          title: w.fee,
          sort: "late_fee",
          align: "right",
          render: (row) => <Money value={row.late_fee} />,
        },
        {
          key: "opened_on",
          title: w.opened,
          sort: "opened_on",
          render: (row) => (
            <>
              <Day value={row.opened_on} /> {row.opened_by}
            </>
          ),
        },
        { key: "approved_by", title: w.approved },
        { key: "term_on", title: w.term, sort: "term_on", render: (row) => <Day value={row.term_on} /> },
        {
          key: "days_left",
          title: w.left,
          sort: "days_left",
          render: (row) => <DaysLeft days={row.days_left} />,
        },
        { key: "court_ref", title: w.courtRef, hidden: true },
        { key: "outcome", title: w.outcome, render: (row) => name("legalOutcome", row.outcome) },
      ]}
    />
  );
}
