// Appraisals: one's own, and for a manager those of his unit.

import { useMay } from "@/app/session";
import { type Filter, ListPage, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Appraisals() {
  const w = useWords(words);
  const name = useNames();
  const leads = useMay()("decide_appraisals");
  const filters: Filter[] = [{ key: "month", label: w.month, kind: "text", width: 130 }];
  return (
    <ListPage
      path="/appraisals"
      name="appraisals"
      title={leads ? w.appraisals : w.myAppraisals}
      filters={filters}
      rowKey={(row) => `${row.month} ${row.staff}`}
      rowPath={(row) => `/targets/appraisals/${row.month}/${row.staff}`}
      columns={[
        { key: "month", title: w.month, sort: "month" },
        { key: "staff", title: w.person, sort: "staff" },
        { key: "name", title: w.routeName, hidden: true },
        { key: "role", title: w.role, render: (row) => name("role", row.role) },
        { key: "unit_name", title: w.unit },
        { key: "score", title: w.score, sort: "score", align: "right" },
        { key: "decided", title: w.decided, sort: "decided", align: "right" },
        {
          key: "state",
          title: w.state,
          render: (row) => <StateTag family="appraisalState" word={row.state} />,
        },
        { key: "dispute_until", title: w.disputeUntil, sort: "dispute_until" },
      ]}
    />
  );
}
