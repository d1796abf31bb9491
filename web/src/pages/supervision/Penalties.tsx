// Points that were taken off, and objections to them.

import { Day, type Filter, ListPage, RuleTag, StateTag } from "@/parts";
import { useOptions, useSay, useWords } from "@/words";
import { words } from "./words";

/** The list. */
export default function Penalties() {
  const w = useWords(words);
  const say = useSay();
  const filters: Filter[] = [
    { key: "state", label: w.state, kind: "select", options: useOptions("penaltyState"), width: 140 },
    { key: "person", label: w.person, kind: "text", width: 160 },
  ];
  return (
    <ListPage
      path="/penalties"
      name="penalties"
      title={w.penalties}
      filters={filters}
      rowKey={(row) => row.finding_no}
      rowPath={(row) => `/supervision/findings/${row.finding_no}`}
      columns={[
        { key: "finding_no", title: w.findingNo, align: "right" },
        { key: "person", title: w.person, sort: "person" },
        { key: "said", title: w.said, render: (row) => say(row.said) },
        { key: "points", title: w.points, sort: "points", align: "right" },
        { key: "points_left", title: w.pointsLeft, align: "right" },
        {
          key: "state",
          title: w.state,
          sort: "state",
          render: (row) => <StateTag family="penaltyState" word={row.state} />,
        },
        { key: "decided_by", title: w.decidedBy },
        { key: "decided_on", title: w.decidedOn, render: (row) => <Day value={row.decided_on} /> },
        { key: "appeal_by", title: w.appealBy, render: (row) => <Day value={row.appeal_by} /> },
        { key: "appeal", title: w.appeal },
        { key: "answer", title: w.answered },
        {
          key: "rule",
          title: w.rule,
          hidden: true,
          render: (row) => (
            <RuleTag id={row.rule} rule={{ id: row.rule, clause: row.clause, confidence: "" }} />
          ),
        },
      ]}
    />
  );
}
