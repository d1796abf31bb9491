// One problem of many: its weeks, what may lie behind it, its tickets, what was done, and what may be done now.

import { Card, Flex, Form, Input, Timeline, Typography } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { type Operation, type Schema, useGet, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { ActionButton, Chart, Day, DayField, DetailPage, EditDrawer, SmallTable, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { centi } from "./Problems";
import { problemWords } from "./problemWords";

type Shown = Schema<"ProblemShown">;
type Deed = Schema<"ProblemDeed">;
type Body = WriteArgs<Operation<"/problems/{problem_no}/deeds", "post">>["body"];

/** The deeds that people do, in the order in which they come. */
const DEEDS: Deed[] = ["own", "plan", "note", "close", "dismiss"];

/** The page. */
export default function Problem() {
  const { problemNo = "" } = useParams();
  const path = { problem_no: Number(problemNo) };
  const w = useWords(problemWords);
  const name = useNames();
  const asked = useGet("/problems/{problem_no}", { path }, { keep: true });
  const send = useSend("post", "/problems/{problem_no}/deeds");
  const [doing, setDoing] = useState<Deed>();
  const problem = asked.data;
  const first = problem && DEEDS.find((deed) => problem.next.includes(deed) && deed !== "note");
  return (
    <DetailPage
      back
      title={problem ? `${problem.problem_no} ${problem.title}` : w.problems}
      tags={problem && <StateTag family="problemState" word={problem.state} />}
      loading={!problem && asked.loading}
      problem={asked.problem}
      again={asked.again}
      facts={problem ? facts(problem, w, name) : []}
    >
      {problem && (
        <Flex vertical gap={12}>
          <Flex gap={8} wrap>
            {DEEDS.map((deed) => (
              <ActionButton
                key={deed}
                permission="care_problems"
                blocked={problem.next.includes(deed) ? undefined : w.notNow}
                primary={deed === first}
                danger={deed === "dismiss"}
                done={false}
                run={async () => setDoing(deed)}
              >
                {name("problemDeed", deed)}
              </ActionButton>
            ))}
          </Flex>
          <Weeks problem={problem} />
          <Causes problem={problem} />
          <Members problem={problem} />
          <Events problem={problem} />
        </Flex>
      )}
      <DeedForm deed={doing} close={() => setDoing(undefined)} run={(body) => send.run({ path, body })} />
    </DetailPage>
  );
}

function facts(
  problem: Shown,
  w: typeof problemWords.zh,
  name: ReturnType<typeof useNames>,
): [string, React.ReactNode][] {
  const { effect } = problem;
  return [
    [w.people, problem.people],
    [w.tickets, problem.tickets],
    [w.request, name("request", problem.request)],
    [w.foundBy, name("foundBy", problem.found_by)],
    [w.unit, problem.unit],
    [w.owner, problem.owner],
    [w.firstOn, <Day key="f" value={problem.first_on} />],
    [w.lastOn, <Day key="l" value={problem.last_on} />],
    [w.dueOn, <Day key="d" value={problem.due_on} />],
    [w.measureOn, <Day key="m" value={problem.measure_on} />],
    [w.planUntil, <Day key="p" value={problem.plan_until} />],
    [w.level, problem.level > 0 ? problem.level : null],
    [
      w.follows,
      problem.follows ? (
        <Link key="b" to={`/service/problems/${problem.follows}`}>
          {problem.follows}
        </Link>
      ) : null,
    ],
    [
      w.effect,
      effect
        ? w.effectText(effect.days, centi(effect.before_weekly_centi), centi(effect.after_weekly_centi))
        : null,
    ],
    [w.endedOn, <Day key="e" value={problem.ended_on} />],
  ];
}

function Weeks({ problem }: { problem: Shown }) {
  const w = useWords(problemWords);
  const measure = problem.measure_on;
  // The week in which something began to be done: the last that begins on its day or before.
  const marked = measure ? problem.weeks.findLast((week) => week.from_on <= measure)?.from_on : undefined;
  return (
    <Card size="small" title={w.weeks}>
      <Chart
        label={w.weeks}
        height={220}
        option={{
          tooltip: { trigger: "axis" },
          grid: { left: 40, right: 20, top: 20, bottom: 30 },
          xAxis: { type: "category", data: problem.weeks.map((week) => week.from_on) },
          yAxis: { type: "value", minInterval: 1 },
          series: [
            {
              type: "bar",
              name: w.tickets,
              data: problem.weeks.map((week) => ({
                value: week.tickets,
                ...(week.from_on === marked ? { itemStyle: { color: "#fa8c16" } } : {}),
              })),
            },
          ],
        }}
      />
    </Card>
  );
}

/** What the accounts share, in words: kinds by their names, days as days. */
function shared({ dimension, value }: Schema<"CauseShown">, name: ReturnType<typeof useNames>): string {
  const dated = value.replace(/\b(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
  switch (dimension) {
    case "category":
      return name("category", value);
    case "terms_change":
    case "bill_run":
      return dated;
    case "notice_run": {
      const [kind, ...rest] = dated.split(" ");
      return [name("noticeKind", kind), ...rest].join(" ");
    }
    default:
      return value;
  }
}

function Causes({ problem }: { problem: Shown }) {
  const w = useWords(problemWords);
  const name = useNames();
  return (
    <Card size="small" title={w.causes}>
      <SmallTable
        rowKey={(cause) => `${cause.dimension} ${cause.value}`}
        dataSource={problem.causes}
        empty={w.noCauses}
        columns={[
          { title: w.dimension, render: (_, cause) => name("dimension", cause.dimension) },
          { title: w.value, render: (_, cause) => shared(cause, name) },
          { title: w.inside, align: "right", render: (_, cause) => `${cause.inside} / ${cause.inside_of}` },
          { title: w.all, align: "right", render: (_, cause) => `${cause.all} / ${cause.all_of}` },
          { title: w.lift, align: "right", render: (_, cause) => `× ${centi(cause.lift_percent)}` },
        ]}
      />
    </Card>
  );
}

function Members({ problem }: { problem: Shown }) {
  const w = useWords(problemWords);
  const name = useNames();
  return (
    <Card size="small" title={w.members}>
      <SmallTable
        rowKey={(member) => member.code}
        dataSource={problem.members}
        columns={[
          {
            title: w.code,
            render: (_, member) => <Link to={`/service/tickets/${member.code}`}>{member.code}</Link>,
          },
          { title: w.when, render: (_, member) => <Day value={member.accepted_on} /> },
          { title: w.request, render: (_, member) => name("request", member.request) },
          { title: w.said, dataIndex: "said" },
        ]}
      />
    </Card>
  );
}

function Events({ problem }: { problem: Shown }) {
  const w = useWords(problemWords);
  const name = useNames();
  return (
    <Card size="small" title={w.events}>
      <Timeline
        items={[...problem.events].reverse().map((event) => ({
          key: event.event_no,
          color: event.deed === "escalate" ? "red" : "blue",
          content: (
            <>
              <Typography.Text strong>{name("problemDeed", event.deed)}</Typography.Text>{" "}
              <Typography.Text type="secondary">
                {[event.happened_on, event.noted_by, event.unit].filter(Boolean).join(" · ")}
              </Typography.Text>
              <div>{event.said}</div>
            </>
          ),
        }))}
      />
    </Card>
  );
}

function DeedForm(props: {
  deed: Deed | undefined;
  close: () => void;
  run: (body: Body) => Promise<unknown>;
}) {
  const { deed, close, run } = props;
  const w = useWords(problemWords);
  const name = useNames();
  const needed = { required: true, message: w.needed };
  return (
    <EditDrawer<Body>
      open={deed !== undefined}
      close={close}
      title={deed ? name("problemDeed", deed) : ""}
      submitText={deed ? name("problemDeed", deed) : ""}
      danger={deed === "dismiss"}
      submit={(values) => run({ ...values, deed: deed as Deed, said: values.said ?? "" })}
    >
      {deed === "own" && (
        <Form.Item name="owner" label={w.ownerCode} extra={w.ownerHint}>
          <Input maxLength={64} />
        </Form.Item>
      )}
      {deed === "plan" && (
        <>
          <Form.Item name="measure_on" label={w.measureOn} rules={[needed]}>
            <DayField />
          </Form.Item>
          <Form.Item name="plan_until" label={w.planUntil} rules={[needed]}>
            <DayField />
          </Form.Item>
        </>
      )}
      <Form.Item name="said" label={w.what} rules={deed === "own" ? [] : [needed]}>
        <Input.TextArea rows={4} maxLength={2000} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
