// One run: live progress, money, exceptions; stopped and gone on with.

import { Card, Flex } from "antd";
import { useEffect } from "react";
import { useParams, useSearchParams } from "react-router";
import { type Schema, useGet, useSend } from "@/api";
import { AccountLink, ActionButton, Day, DetailPage, Facts, ListPage, Live, until } from "@/parts";
import { useNames, useSay, useSubject, useWords } from "@/words";
import { Exceptions, isUnderWay, RunState, Stages, useTotals } from "./parts";
import { useEvents } from "./useEvents";
import { words } from "./words";

function Found({ runOn }: { runOn: string }) {
  const w = useWords(words);
  const name = useNames();
  const about = useSubject();
  const say = useSay();
  const [search] = useSearchParams();
  const kind = search.get("kind");
  return (
    <ListPage
      path="/day-runs/{run_on}/exceptions"
      args={{ path: { run_on: runOn }, query: kind ? { kind } : {} }}
      name="day-exceptions"
      rowKey={(task) => `${task.kind}/${task.account_no}/${task.subject}`}
      columns={[
        { key: "kind", title: w.kind, render: (task) => name("taskKind", task.kind) },
        { key: "account_no", title: w.account, render: (task) => <AccountLink no={task.account_no} /> },
        { key: "subject", title: w.subject, render: (task) => about(task.subject) },
        { key: "detail", title: w.detail, render: (task) => say(task.detail) },
        { key: "state", title: w.state, render: (task) => (task.state === "done" ? w.doneState : w.open) },
      ]}
    />
  );
}

function Shown({ run }: { run: Schema<"DayRun"> }) {
  const w = useWords(words);
  const totals = useTotals(run.totals);
  return (
    <Flex vertical gap={16}>
      <Card size="small" title={w.stage}>
        <Stages stages={run.stages} live />
      </Card>
      <Card size="small" title={w.totals}>
        <Facts facts={totals} />
      </Card>
      <Card size="small" title={w.exceptions}>
        <Exceptions rows={run.exceptions} runOn={run.run_on} />
      </Card>
      {!isUnderWay(run.state) && run.exceptions.length > 0 && (
        <Card size="small" title={w.exceptionsOf}>
          <Found runOn={run.run_on} />
        </Card>
      )}
    </Flex>
  );
}

/** The run. */
export default function Run() {
  const w = useWords(words);
  const say = useSay();
  const { runOn = "" } = useParams();
  const asked = useGet(
    "/day-runs/{run_on}",
    { path: { run_on: runOn } },
    { every: until((run: Schema<"DayRun">) => !isUnderWay(run.state), 5_000) },
  );
  const told = useEvents<Schema<"DayRun">>(
    `/day-runs/${encodeURIComponent(runOn)}`,
    asked.data !== undefined && isUnderWay(asked.data.state),
  );
  const run = asked.data && !isUnderWay(asked.data.state) ? asked.data : (told ?? asked.data);
  const ended = told !== undefined && !isUnderWay(told.state);
  const { again } = asked;
  useEffect(() => {
    if (ended) {
      void again();
    }
  }, [ended, again]);
  const stop = useSend("post", "/day-runs/{run_on}/stop");
  const start = useSend("post", "/day-runs");
  const planned = run?.stages.filter((stage) => stage.shards !== null) ?? [];
  const shards = planned.reduce((sum, stage) => sum + (stage.shards ?? 0), 0);
  const done = planned.reduce((sum, stage) => sum + stage.shards_done, 0);
  const stages = run?.stages.length ?? 0;
  return (
    <DetailPage
      title={w.run(runOn)}
      back="/day/runs"
      loading={asked.loading && !run}
      problem={asked.problem}
      again={again}
      tags={run && <RunState state={run.state} />}
      actions={
        run && (
          <>
            {isUnderWay(run.state) && (
              <ActionButton
                permission="run_day"
                danger
                confirm={{ title: w.stop, content: w.stopAsk }}
                run={() => stop.run({ path: { run_on: runOn } })}
              >
                {w.stop}
              </ActionButton>
            )}
            {(run.state === "stopped" || run.state === "failed" || run.state === "begun") && (
              <ActionButton permission="run_day" primary run={() => start.run({ body: { run_on: runOn } })}>
                {w.goOn}
              </ActionButton>
            )}
          </>
        )
      }
      facts={
        run
          ? [
              [w.askedBy, run.asked_by ?? w.commandLine],
              [w.startedAt, <Day key="s" value={run.started_at} />],
              [w.finishedAt, run.finished_at ? <Day key="f" value={run.finished_at} /> : undefined],
              [w.due, run.due],
              [w.done, run.done],
              [w.parked, run.parked],
              [w.failed, run.failure ? `${say(run.failure.detail)} [${run.failure.code}]` : undefined],
            ]
          : []
      }
    >
      {run && (
        <>
          <div style={{ marginBottom: 16 }} data-testid="progress">
            <Live
              done={
                isUnderWay(run.state)
                  ? planned.filter((stage) => stage.shards === stage.shards_done).length
                  : done
              }
              total={isUnderWay(run.state) ? stages : shards}
              state={isUnderWay(run.state) ? "running" : run.state === "done" ? "done" : "failed"}
              note={isUnderWay(run.state) ? w.live : undefined}
            />
          </div>
          <Shown run={run} />
        </>
      )}
    </DetailPage>
  );
}
