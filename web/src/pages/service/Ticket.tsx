// One ticket: what was said, how its clocks stand, what was done, and what may be done now.

import { EyeOutlined } from "@ant-design/icons";
import { Button, Card, Flex, Form, Input, Select, Timeline, Typography } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { type Operation, type Schema, useGet, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import {
  AccountLink,
  ActionButton,
  DetailPage,
  EditDrawer,
  RuleTag,
  SmallTable,
  StateTag,
  UnitField,
  WhyOfBill,
} from "@/parts";
import { useNames, useOptions, useSubject, useWords } from "@/words";
import { moment } from "./columns";
import { words } from "./words";

type Shown = Schema<"TicketShown">;
type Deed = Schema<"Deed">;
type DeedBody = WriteArgs<Operation<"/tickets/{ticket_no}/deeds", "post">>["body"];

/** The deeds that people do, in the order in which they come. */
const DEEDS: Deed[] = [
  "dispatch",
  "contact",
  "arrive",
  "restore",
  "answer",
  "call_back",
  "close",
  "pause",
  "resume",
  "reopen",
  "note",
  "withdraw",
];

/** The page. */
export default function Ticket() {
  const { code = "" } = useParams();
  const at = code.lastIndexOf("-");
  const [accountNo, ticketNo] = [code.slice(0, at), Number(code.slice(at + 1))];
  return accountNo === "0" ? <Free no={ticketNo} /> : <OfAccount accountNo={accountNo} no={ticketNo} />;
}

function OfAccount({ accountNo, no }: { accountNo: string; no: number }) {
  const path = { account_no: accountNo, ticket_no: no };
  const [personal, setPersonal] = useState(false);
  const asked = useGet(
    "/accounts/{account_no}/tickets/{ticket_no}",
    { path, query: { personal } },
    { keep: true },
  );
  const send = useSend("post", "/accounts/{account_no}/tickets/{ticket_no}/deeds");
  return <Page asked={asked} showAll={() => setPersonal(true)} run={(body) => send.run({ path, body })} />;
}

function Free({ no }: { no: number }) {
  const path = { ticket_no: no };
  const [personal, setPersonal] = useState(false);
  const asked = useGet("/tickets/{ticket_no}", { path, query: { personal } }, { keep: true });
  const send = useSend("post", "/tickets/{ticket_no}/deeds");
  return <Page asked={asked} showAll={() => setPersonal(true)} run={(body) => send.run({ path, body })} />;
}

/** The bills that a ticket is about: `bill:3` among its words. */
function billsOf(ticket: Shown): number[] {
  const numbers = ticket.about.map((word) => /^bill:(\d+)$/.exec(word)?.[1]);
  return numbers.filter((no) => no !== undefined).map(Number);
}

interface Asked {
  data?: Shown | undefined;
  loading: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the problem is handed on as it came
  problem?: any;
  again: () => unknown;
}

function Page(props: { asked: Asked; showAll: () => void; run: (body: DeedBody) => Promise<unknown> }) {
  const { asked, showAll, run } = props;
  const w = useWords(words);
  const name = useNames();
  const about = useSubject();
  const may = useMay();
  const [doing, setDoing] = useState<Deed>();
  const ticket = asked.data;
  return (
    <DetailPage
      back
      title={ticket ? `${ticket.code} ${name("request", ticket.request)}` : w.tickets}
      tags={ticket && <StateTag family="ticketState" word={ticket.state} />}
      loading={!ticket && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={
        may("see_personal") && (
          <Button icon={<EyeOutlined />} onClick={showAll}>
            {w.showAll}
          </Button>
        )
      }
      facts={
        ticket
          ? [
              [w.account, ticket.account_no ? <AccountLink key="a" no={ticket.account_no} /> : null],
              [w.acceptedAt, moment(ticket.accepted_at)],
              [w.acceptedBy, ticket.accepted_by],
              [w.source, name("ticketSource", ticket.source)],
              [w.unit, ticket.unit],
              [w.owner, ticket.owner],
              [w.area, name("area", ticket.area)],
              [w.caller, ticket.caller],
              [w.phone, ticket.phone],
              [w.place, ticket.place],
              [w.topic, ticket.topic],
              [w.about, ticket.about.map(about).join(", ")],
              [w.level, ticket.level > 0 ? ticket.level : null],
              [w.endedAt, moment(ticket.ended_at)],
            ]
          : []
      }
    >
      {ticket && (
        <Flex vertical gap={12}>
          <Card size="small" title={w.said}>
            <Typography.Paragraph style={{ whiteSpace: "pre-wrap", margin: 0 }}>
              {ticket.said}
            </Typography.Paragraph>
          </Card>
          {ticket.account_no &&
            billsOf(ticket).map((no) => (
              <WhyOfBill key={no} accountNo={ticket.account_no ?? ""} billNo={no} />
            ))}
          <Flex gap={8} wrap>
            {DEEDS.map((deed) => (
              <ActionButton
                key={deed}
                permission="work_tickets"
                blocked={ticket.next.includes(deed) ? undefined : w.notNow}
                primary={deed === firstOf(ticket)}
                danger={deed === "withdraw"}
                done={false}
                run={async () => setDoing(deed)}
              >
                {name("deed", deed)}
              </ActionButton>
            ))}
          </Flex>
          <Clocks ticket={ticket} />
          <Card size="small" title={w.events}>
            {ticket.events.length === 0 && <Typography.Text type="secondary">{w.noEvents}</Typography.Text>}
            <Timeline
              items={[...ticket.events].reverse().map((event) => ({
                key: event.event_no,
                color: event.deed === "escalate" ? "red" : "blue",
                content: (
                  <>
                    <Typography.Text strong>{name("deed", event.deed)}</Typography.Text>{" "}
                    <Typography.Text type="secondary">
                      {[moment(event.happened_at), event.noted_by, event.owner, event.unit]
                        .filter(Boolean)
                        .join(" · ")}
                    </Typography.Text>
                    <div>
                      {[
                        event.said,
                        name("satisfaction", event.satisfaction),
                        name("pauseReason", event.pause),
                      ]
                        .filter(Boolean)
                        .join(" · ")}
                    </div>
                  </>
                ),
              }))}
            />
          </Card>
        </Flex>
      )}
      <DeedForm deed={doing} close={() => setDoing(undefined)} run={run} />
    </DetailPage>
  );
}

/** What comes next, of those that may be done. */
function firstOf(ticket: Shown): Deed | undefined {
  return DEEDS.find(
    (deed) => ticket.next.includes(deed) && !ticket.events.some((event) => event.deed === deed),
  );
}

function Clocks({ ticket }: { ticket: Shown }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Card size="small" title={w.clocks}>
      <SmallTable
        rowKey={(clock) => `${clock.round}${clock.kind}${clock.measure}${clock.from_at}`}
        dataSource={ticket.clocks}
        columns={[
          { title: w.clock, render: (_, clock) => name("clockKind", clock.kind) },
          { title: w.measure, render: (_, clock) => name("measure", clock.measure) },
          { title: w.due, render: (_, clock) => moment(clock.due_at) },
          { title: w.clockState, render: (_, clock) => <StateTag family="clockState" word={clock.state} /> },
          {
            title: w.left,
            render: (_, clock) =>
              typeof clock.minutes_left === "number" ? w.leftText(clock.minutes_left) : "",
          },
          { title: w.round, align: "right", render: (_, clock) => clock.round },
          {
            title: w.rule,
            render: (_, clock) => (
              <RuleTag id={clock.rule} rule={{ id: clock.rule, clause: clock.clause, confidence: "" }} />
            ),
          },
        ]}
      />
    </Card>
  );
}

function DeedForm(props: {
  deed: Deed | undefined;
  close: () => void;
  run: (body: DeedBody) => Promise<unknown>;
}) {
  const { deed, close, run } = props;
  const w = useWords(words);
  const name = useNames();
  const [satisfactions, reasons] = [useOptions("satisfaction"), useOptions("pauseReason")];
  const needed = { required: true, message: w.needed };
  const wordsNeeded = deed && ["answer", "pause", "note", "reopen", "withdraw"].includes(deed);
  return (
    <EditDrawer<DeedBody>
      open={deed !== undefined}
      close={close}
      title={deed ? name("deed", deed) : ""}
      submitText={deed ? name("deed", deed) : ""}
      danger={deed === "withdraw"}
      submit={(values) => run({ ...values, deed: deed as Deed, said: values.said ?? "" })}
    >
      {deed === "dispatch" && (
        <>
          <Form.Item name="owner" label={w.dispatchTo} rules={[needed]}>
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item name="unit" label={w.dispatchUnit}>
            <UnitField />
          </Form.Item>
        </>
      )}
      {deed === "call_back" && (
        <Form.Item name="satisfaction" label={w.satisfaction} rules={[needed]}>
          <Select options={satisfactions} />
        </Form.Item>
      )}
      {deed === "pause" && (
        <Form.Item name="pause" label={w.pause} rules={[needed]}>
          <Select options={reasons} />
        </Form.Item>
      )}
      <Form.Item name="said" label={w.what} rules={wordsNeeded ? [needed] : []}>
        <Input.TextArea rows={4} maxLength={4000} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
