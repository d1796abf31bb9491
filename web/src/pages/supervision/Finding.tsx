// One finding: what is wrong and how it is known, its orders, parts and points, and what may be done now.

import { Card, Flex, Form, Input, InputNumber, Timeline, Typography } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { type Operation, type Schema, useGet, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import {
  AccountLink,
  ActionButton,
  Day,
  DayField,
  DetailPage,
  EditDrawer,
  Facts,
  RuleTag,
  SmallTable,
  StateTag,
} from "@/parts";
import { useNames, useSay, useSubject, useWords } from "@/words";
import { Measured } from "./Measured";
import { words } from "./words";

type Shown = Schema<"FindingShown">;
type Deed = Schema<"FindingDeed">;
type Body = WriteArgs<Operation<"/findings/{finding_no}/deeds", "post">>["body"];

/** The deeds that people do, in the order in which they come. */
const DEEDS: Deed[] = [
  "order",
  "tell",
  "accept",
  "reject",
  "ask",
  "answer",
  "penalise",
  "appeal",
  "decide",
  "dismiss",
  "note",
];
/** Those that anybody who is concerned may do; the others are the supervisor's. */
const OWN: Deed[] = ["tell", "answer", "appeal", "note"];

/** The page. */
export default function Finding() {
  const { findingNo: no = "" } = useParams();
  const path = { finding_no: Number(no) };
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const about = useSubject();
  const asked = useGet("/findings/{finding_no}", { path });
  const send = useSend("post", "/findings/{finding_no}/deeds");
  const [doing, setDoing] = useState<Deed>();
  const shown = asked.data;
  return (
    <DetailPage
      back
      title={`${w.finding} ${no}`}
      tags={
        shown && (
          <>
            <StateTag family="severity" word={shown.severity} />
            <StateTag family="findingState" word={shown.state} />
          </>
        )
      }
      loading={!shown && asked.loading}
      problem={asked.problem}
      again={asked.again}
      facts={shown ? facts(shown, w, name, about) : []}
    >
      {shown && (
        <Flex vertical gap={12}>
          <Card size="small" title={w.said}>
            <Typography.Paragraph style={{ whiteSpace: "pre-wrap" }}>{say(shown.said)}</Typography.Paragraph>
            {shown.rule && (
              <RuleTag id={shown.rule} rule={{ id: shown.rule, clause: shown.clause, confidence: "" }} />
            )}
          </Card>
          <Flex gap={8} wrap>
            {DEEDS.map((deed) => (
              <ActionButton
                key={deed}
                permission={OWN.includes(deed) ? "answer_findings" : "keep_supervision"}
                blocked={shown.next.includes(deed) ? undefined : w.notNow}
                primary={deed === DEEDS.find((one) => shown.next.includes(one))}
                danger={deed === "penalise" || deed === "dismiss"}
                done={false}
                run={async () => setDoing(deed)}
              >
                {name("findingDeed", deed)}
              </ActionButton>
            ))}
          </Flex>
          {shown.orders.length > 0 && <Orders shown={shown} />}
          {shown.parts.length > 0 && <Parts shown={shown} />}
          {shown.penalty && <Penalty penalty={shown.penalty} />}
          <Card size="small" title={w.events}>
            {shown.events.length === 0 && <Typography.Text type="secondary">{w.noEvents}</Typography.Text>}
            <Timeline
              items={[...shown.events].reverse().map((event) => ({
                key: event.event_no,
                color: event.deed === "escalate" ? "red" : "blue",
                content: (
                  <>
                    <Typography.Text strong>{name("findingDeed", event.deed)}</Typography.Text>{" "}
                    <Typography.Text type="secondary">
                      {[event.happened_on, event.noted_by, event.unit].filter(Boolean).join(" · ")}
                    </Typography.Text>
                    <div>{event.said}</div>
                  </>
                ),
              }))}
            />
          </Card>
          <DeedForm
            deed={doing}
            shown={shown}
            close={() => setDoing(undefined)}
            run={(body) => send.run({ path, body })}
          />
        </Flex>
      )}
    </DetailPage>
  );
}

function facts(
  shown: Shown,
  w: typeof words.zh,
  name: ReturnType<typeof useNames>,
  about: ReturnType<typeof useSubject>,
) {
  const ofRule = shown.source === "rule";
  return [
    [w.source, name("findingSource", shown.source)],
    [w.phase, name("phase", shown.phase)],
    [w.person, shown.person],
    [w.unit, shown.unit],
    [w.account, shown.account_no ? <AccountLink key="a" no={shown.account_no} /> : null],
    [w.about, about(shown.about)],
    [w.evidence, shown.evidence_no],
    [w.measured, ofRule ? <Measured key="m" check={shown.subject} value={shown.measured} /> : null],
    [w.limit, ofRule ? <Measured key="l" check={shown.subject} value={shown.limit} /> : null],
    [w.records, ofRule ? shown.records : null],
    [w.foundOn, <Day key="f" value={shown.found_on} />],
    [w.level, shown.level > 0 ? shown.level : null],
  ] as [string, React.ReactNode][];
}

function Orders({ shown }: { shown: Shown }) {
  const w = useWords(words);
  return (
    <Card size="small" title={w.orders}>
      <SmallTable
        rowKey={(order) => order.round}
        dataSource={shown.orders}
        columns={[
          { title: w.round, align: "right", render: (_, order) => order.round },
          { title: w.owner, render: (_, order) => `${order.owner} ${order.unit}` },
          { title: w.wanted, render: (_, order) => order.wanted },
          {
            title: w.dueOn,
            render: (_, order) => (
              <Typography.Text type={order.is_late ? "danger" : undefined}>
                {order.due_on} {order.is_late ? w.late : ""}
              </Typography.Text>
            ),
          },
          { title: w.told, render: (_, order) => order.told },
          { title: w.toldOn, render: (_, order) => <Day value={order.told_on} /> },
          {
            title: w.verdict,
            render: (_, order) =>
              typeof order.good === "boolean" ? `${order.good ? w.good : w.bad} ${order.note ?? ""}` : "",
          },
          { title: w.verifiedBy, render: (_, order) => order.verified_by },
        ]}
      />
    </Card>
  );
}

function Parts({ shown }: { shown: Shown }) {
  const w = useWords(words);
  return (
    <Card size="small" title={w.parts}>
      <SmallTable
        rowKey={(part) => part.part_no}
        dataSource={shown.parts}
        columns={[
          { title: w.no, align: "right", render: (_, part) => part.part_no },
          { title: w.partOwner, render: (_, part) => `${part.owner} ${part.unit}` },
          { title: w.wanted, render: (_, part) => part.wanted },
          { title: w.dueOn, render: (_, part) => <Day value={part.due_on} /> },
          { title: w.answer, render: (_, part) => part.answer },
        ]}
      />
    </Card>
  );
}

function Penalty({ penalty }: { penalty: NonNullable<Shown["penalty"]> }) {
  const w = useWords(words);
  return (
    <Card size="small" title={w.penalty} extra={<StateTag family="penaltyState" word={penalty.state} />}>
      <Facts
        facts={[
          [w.person, penalty.person],
          [w.points, penalty.points],
          [w.pointsLeft, penalty.points_left],
          [w.earlier, penalty.earlier],
          [w.decidedBy, penalty.decided_by],
          [w.appealBy, <Day key="d" value={penalty.appeal_by} />],
          [w.appeal, penalty.appeal],
          [w.answered, penalty.answer],
        ]}
      />
      <RuleTag id={penalty.rule} rule={{ id: penalty.rule, clause: penalty.clause, confidence: "" }} />
    </Card>
  );
}

function DeedForm(props: {
  deed: Deed | undefined;
  shown: Shown;
  close: () => void;
  run: (body: Body) => Promise<unknown>;
}) {
  const { deed, shown, close, run } = props;
  const w = useWords(words);
  const name = useNames();
  const needed = { required: true, message: w.needed };
  const silent = deed === "accept" || deed === "penalise";
  const gives = deed === "order" || deed === "ask" || deed === "reject";
  const waiting = shown.parts.find((part) => !part.answer);
  return (
    <EditDrawer<Body>
      open={deed !== undefined}
      close={close}
      title={deed ? name("findingDeed", deed) : ""}
      submitText={deed ? name("findingDeed", deed) : ""}
      danger={deed === "penalise" || deed === "dismiss"}
      submit={(values) => run({ ...values, deed: deed as Deed, said: values.said ?? "" })}
    >
      {gives && (
        <>
          <Form.Item
            name="owner"
            label={w.to}
            extra={deed === "reject" ? w.toHint : undefined}
            rules={deed === "reject" ? [] : [needed]}
          >
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item name="due_on" label={w.earlierDue} extra={w.earlierDueHint}>
            <DayField />
          </Form.Item>
        </>
      )}
      {deed === "answer" && (
        <Form.Item name="part_no" label={w.part} rules={[needed]} initialValue={waiting?.part_no}>
          <InputNumber min={1} precision={0} />
        </Form.Item>
      )}
      {deed === "decide" && (
        <Form.Item name="points_left" label={w.left} rules={[needed]}>
          <InputNumber min={0} max={shown.penalty?.points ?? 0} precision={0} />
        </Form.Item>
      )}
      <Form.Item name="said" label={w.inWords} rules={silent ? [] : [needed]}>
        <Input.TextArea rows={4} maxLength={2000} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
