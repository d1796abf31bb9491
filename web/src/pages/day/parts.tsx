// What the pages about business days share: states, stages, totals, exceptions.

import { Progress, Table, Tag } from "antd";
import { Link } from "react-router";
import type { Schema } from "@/api";
import { type Fact, Money } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { STAGES } from "./stages";
import { words } from "./words";

type Run = Schema<"DayRun">;
type Stage = Schema<"StageLine">;
type Found = Schema<"Found">;

const COLOURS: Record<Run["state"], string> = {
  waiting: "default",
  running: "processing",
  stopping: "warning",
  stopped: "orange",
  failed: "red",
  begun: "orange",
  done: "green",
};

/** The state of a run. */
export function RunState({ state }: { state: Run["state"] }) {
  const w = useWords(words);
  const text = {
    waiting: w.waiting,
    running: w.running,
    stopping: w.stopping,
    stopped: w.stopped,
    failed: w.failedState,
    begun: w.begunState,
    done: w.doneState,
  }[state];
  return <Tag color={COLOURS[state]}>{text}</Tag>;
}

/** True while a run changes by itself. */
export function isUnderWay(state: Run["state"]): boolean {
  return state === "waiting" || state === "running" || state === "stopping";
}

/** The stages with their counts. */
export function Stages({ stages, live }: { stages: Stage[]; live: boolean }) {
  const w = useWords(words);
  const say = useSay();
  return (
    <Table<Stage>
      size="small"
      pagination={false}
      rowKey="stage"
      dataSource={stages}
      scroll={{ x: "max-content" }}
      columns={[
        {
          key: "stage",
          title: w.stage,
          render: (_, row) => say({ zh: row.name, en: STAGES[row.stage] ?? row.stage }),
        },
        ...(live
          ? [
              {
                key: "progress",
                title: w.progress,
                width: 220,
                render: (_: unknown, row: Stage) =>
                  row.shards === null || row.shards === undefined ? (
                    w.planned
                  ) : (
                    <Progress
                      size="small"
                      aria-label={`${w.progress} ${row.stage}`}
                      percent={row.shards === 0 ? 100 : Math.floor((row.shards_done / row.shards) * 100)}
                      format={() => w.shards(row.shards_done, row.shards ?? 0)}
                    />
                  ),
              },
            ]
          : []),
        { key: "due", title: w.due, align: "right", dataIndex: "due" },
        { key: "done", title: w.done, align: "right", dataIndex: "done" },
        { key: "parked", title: w.parked, align: "right", dataIndex: "parked" },
        { key: "amount", title: w.amount, align: "right", render: (_, row) => <Money value={row.amount} /> },
      ]}
    />
  );
}

/** Totals of money as facts. */
export function useTotals(totals: Schema<"Total">[]): Fact[] {
  const w = useWords(words);
  const names: Record<string, string> = {
    billed: w.billed,
    released: w.released,
    prepaid_applied: w.prepaid_applied,
    late_fee: w.late_fee,
    received: w.received,
  };
  return totals.map((total) => [
    names[total.of] ?? total.of,
    <Money key={total.of} value={total.amount} unit />,
  ]);
}

/** Exceptions by kind. */
export function Exceptions({ rows, runOn }: { rows: Found[]; runOn?: string }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Table<Found>
      size="small"
      pagination={false}
      rowKey="kind"
      dataSource={rows}
      locale={{ emptyText: w.nothing }}
      columns={[
        {
          key: "kind",
          title: w.kind,
          render: (_, row) =>
            runOn ? (
              <Link to={`/day/runs/${runOn}?kind=${row.kind}`}>{name("taskKind", row.kind)}</Link>
            ) : (
              name("taskKind", row.kind)
            ),
        },
        { key: "count", title: w.count, align: "right", dataIndex: "count" },
        { key: "open", title: w.open, align: "right", dataIndex: "open" },
      ]}
    />
  );
}
