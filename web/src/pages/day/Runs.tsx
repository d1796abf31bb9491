// Runs of business days, and the way to the next one: first tried, then run.

import { Alert, App, Button, Card, Flex, Modal, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { asProblem, type Schema, useGet, useSend } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { useMay } from "@/app/session";
import { Day, Facts, ListPage, ProblemNote } from "@/parts";
import { useWords } from "@/words";
import { Exceptions, RunState, Stages, useTotals } from "./parts";
import { words } from "./words";

function Preview({ tried }: { tried: Schema<"DayTry"> }) {
  const w = useWords(words);
  const totals = useTotals(tried.totals);
  return (
    <Flex vertical gap={16}>
      <Alert type="info" showIcon title={w.previewNote} />
      <Facts facts={totals} />
      <Stages stages={tried.stages} live={false} />
      <Exceptions rows={tried.exceptions} />
    </Flex>
  );
}

function Next() {
  const w = useWords(words);
  const may = useMay();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const next = useGet("/day-runs/next", {});
  const trial = useSend("post", "/day-runs/preview");
  const start = useSend("post", "/day-runs");
  const [tried, setTried] = useState<Schema<"DayTry">>();
  const [problem, setProblem] = useState<ApiProblem>();
  if (!may("run_day")) {
    return null;
  }
  if (next.problem) {
    return <ProblemNote problem={next.problem} />;
  }
  const day = next.data;
  const attempt = async (deed: () => Promise<void>) => {
    setProblem(undefined);
    try {
      await deed();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <Card size="small" style={{ marginBottom: 16 }}>
      <Flex gap={12} align="center" wrap>
        <strong>{day && w.nextIs(day.run_on)}</strong>
        {day?.is_ahead && <Tag color="orange">{w.ahead}</Tag>}
        {day?.begun && <Tag color="orange">{w.begun}</Tag>}
        <Button
          type="primary"
          disabled={!day}
          loading={trial.busy}
          onClick={() =>
            attempt(async () => {
              setTried(await trial.run({ body: { run_on: day?.run_on ?? null } }));
            })
          }
        >
          {w.tryIt}
        </Button>
      </Flex>
      {!tried && <ProblemNote problem={problem} />}
      <Modal
        open={tried !== undefined}
        width={960}
        title={tried && w.preview(tried.run_on)}
        onCancel={() => setTried(undefined)}
        okText={w.start}
        confirmLoading={start.busy}
        onOk={() =>
          attempt(async () => {
            if (tried) {
              await start.run({ body: { run_on: tried.run_on } });
              message.success(w.running);
              navigate(`/day/runs/${tried.run_on}`);
            }
          })
        }
      >
        {tried && <Preview tried={tried} />}
        <ProblemNote problem={problem} />
      </Modal>
    </Card>
  );
}

/** The list. */
export default function Runs() {
  const w = useWords(words);
  return (
    <>
      <ListPage
        path="/day-runs"
        name="day-runs"
        title={w.runs}
        above={() => <Next />}
        rowKey={(run) => run.run_on}
        rowPath={(run) => `/day/runs/${run.run_on}`}
        columns={[
          { key: "run_on", title: w.runOn, render: (run) => <Day value={run.run_on} /> },
          { key: "state", title: w.state, render: (run) => <RunState state={run.state} /> },
          { key: "due", title: w.due, align: "right" },
          { key: "done", title: w.done, align: "right" },
          { key: "parked", title: w.parked, align: "right" },
          {
            key: "exceptions",
            title: w.exceptions,
            align: "right",
            render: (run) => run.exceptions.reduce((sum, found) => sum + found.count, 0),
          },
          { key: "asked_by", title: w.askedBy, render: (run) => run.asked_by ?? w.commandLine },
          { key: "started_at", title: w.startedAt, render: (run) => <Day value={run.started_at} /> },
          { key: "finished_at", title: w.finishedAt, render: (run) => <Day value={run.finished_at} /> },
        ]}
      />
    </>
  );
}
