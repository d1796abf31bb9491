// Problems of many: where much is said now, and what the desk has put together, the worst first.

import { Card, theme } from "antd";
import { type Schema, useGet } from "@/api";
import { Day, type Filter, ListPage, ProblemNote, SmallTable, StateTag } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { problemWords } from "./problemWords";

type Cell = Schema<"HeatCell">;

/** The list. */
export default function Problems() {
  const w = useWords(problemWords);
  const name = useNames();
  const filters: Filter[] = [
    { key: "state", label: w.state, kind: "select", options: useOptions("problemState"), width: 140 },
    { key: "open", label: w.open, kind: "select", options: [{ value: "true", label: w.yes }], width: 140 },
  ];
  return (
    <ListPage
      path="/problems"
      name="problems"
      title={w.problems}
      filters={filters}
      rowKey={(problem) => String(problem.problem_no)}
      rowPath={(problem) => `/service/problems/${problem.problem_no}`}
      above={() => <Heat />}
      columns={[
        { key: "problem_no", title: w.no, align: "right" },
        { key: "title", title: w.title, render: (problem) => <div className="dh-said">{problem.title}</div> },
        {
          key: "state",
          title: w.state,
          render: (problem) => <StateTag family="problemState" word={problem.state} />,
        },
        { key: "people", title: w.people, sort: "people", align: "right" },
        { key: "tickets", title: w.tickets, sort: "tickets", align: "right" },
        { key: "request", title: w.request, render: (problem) => name("request", problem.request) },
        { key: "found_by", title: w.foundBy, render: (problem) => name("foundBy", problem.found_by) },
        { key: "unit", title: w.unit },
        { key: "owner", title: w.owner },
        {
          key: "first_on",
          title: w.firstOn,
          sort: "first_on",
          render: (problem) => <Day value={problem.first_on} />,
        },
        {
          key: "last_on",
          title: w.lastOn,
          sort: "last_on",
          render: (problem) => <Day value={problem.last_on} />,
        },
        {
          key: "due_on",
          title: w.dueOn,
          sort: "due_on",
          render: (problem) => <Day value={problem.due_on} />,
        },
        { key: "level", title: w.level, sort: "level", align: "right" },
      ]}
    />
  );
}

/** Units by kinds: how much is said this week, the darker the more above what is usual. */
function Heat() {
  const w = useWords(problemWords);
  const name = useNames();
  const { token } = theme.useToken();
  const asked = useGet("/problem-map", {}, { keep: true });
  if (asked.problem) {
    return <ProblemNote problem={asked.problem} again={asked.again} />;
  }
  const cells: Cell[] = asked.data?.cells ?? [];
  if (cells.length === 0) {
    return null;
  }
  const kinds = [...new Set(cells.map((cell) => cell.request))];
  const units = [...new Set(cells.map((cell) => cell.unit))];
  const most = Math.max(1, ...cells.map((cell) => cell.tickets));
  const rows = units.map((unit) => ({ unit }));
  return (
    <Card size="small" title={w.heat} style={{ marginBottom: 12 }}>
      <SmallTable
        rowKey={(row) => row.unit}
        dataSource={rows}
        columns={[
          { title: w.unit, dataIndex: "unit" },
          ...kinds.map((kind) => ({
            title: name("request", kind),
            key: kind,
            align: "right" as const,
            render: (_: unknown, row: { unit: string }) => {
              const cell = cells.find((one) => one.unit === row.unit && one.request === kind);
              if (!cell) {
                return null;
              }
              const share = Math.round((cell.tickets / most) * 45);
              const colour = cell.is_burst ? token.colorError : token.colorPrimary;
              return (
                <div
                  data-burst={cell.is_burst}
                  style={{
                    background: `color-mix(in srgb, ${colour} ${share}%, transparent)`,
                    padding: "0 6px",
                  }}
                >
                  {cell.tickets}{" "}
                  <span style={{ color: token.colorTextSecondary }}>/ {centi(cell.usual_centi)}</span>
                </div>
              );
            },
          })),
        ]}
      />
      <div style={{ color: token.colorTextSecondary, marginTop: 8 }}>{w.heatNote}</div>
    </Card>
  );
}

/** Hundredths as people read them. */
export function centi(value: number): string {
  return (value / 100).toFixed(1);
}
