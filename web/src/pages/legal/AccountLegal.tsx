// The customer's tab: the clock of each debt and why, the check list of a payment order, cases, securities, insolvency.

import { Alert, Card, Col, Flex, Form, Input, Row, Select, Spin, Table, Timeline, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { type Schema, useGet, useList, useSend } from "@/api";
import {
  ActionButton,
  Day,
  DayField,
  DaysLeft,
  EditDrawer,
  Facts,
  GateList,
  Money,
  ProblemNote,
  RuleTag,
  StateTag,
} from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { Securities } from "./Securities";
import { words } from "./words";

/** The tab. */
export default function AccountLegal({ accountNo }: { accountNo: string }) {
  return (
    <Flex vertical gap={12}>
      <Deeds accountNo={accountNo} />
      <Cases accountNo={accountNo} />
      <Row gutter={[12, 12]}>
        <Col xs={24} xl={12}>
          <Clocks accountNo={accountNo} />
        </Col>
        <Col xs={24} xl={12}>
          <Order accountNo={accountNo} />
        </Col>
      </Row>
      <Securities accountNo={accountNo} />
    </Flex>
  );
}

type Kind = Schema<"CaseKind">;

interface EventValues {
  bill_no?: string;
  kind: Schema<"EventKind">;
  effective_on: string;
  evidence_no?: string;
  note?: string;
}

interface AskValues {
  bill_no: string;
  ground: Schema<"WriteOffGround">;
  evidence_no: string;
}

function Deeds({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const path = { account_no: accountNo };
  const [open, setOpen] = useState<"propose" | "event" | "ask">();
  const propose = useSend("post", "/accounts/{account_no}/legal/cases");
  const event = useSend("post", "/accounts/{account_no}/limitations/events");
  const ask = useSend("post", "/accounts/{account_no}/write-offs");
  const shut = () => setOpen(undefined);
  const number = [{ required: true, pattern: /^\d+$/ }];
  return (
    <Flex gap={8} wrap>
      <ActionButton primary permission="work_legal" done={false} run={async () => setOpen("propose")}>
        {w.propose}
      </ActionButton>
      <ActionButton permission="work_legal" done={false} run={async () => setOpen("event")}>
        {w.addEvent}
      </ActionButton>
      <ActionButton permission="work_legal" done={false} run={async () => setOpen("ask")}>
        {w.ask}
      </ActionButton>
      <EditDrawer<{ kind: Kind }>
        open={open === "propose"}
        title={w.propose}
        submitText={w.propose}
        close={shut}
        submit={(body) => propose.run({ path, body })}
        initial={{ kind: "letter" }}
      >
        <Form.Item name="kind" label={w.kind} rules={[{ required: true }]}>
          <Select options={useOptions("legalKind")} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<EventValues>
        open={open === "event"}
        title={w.addEvent}
        close={shut}
        submit={({ bill_no, kind, effective_on, evidence_no, note }) =>
          event.run({
            path,
            body: {
              kind,
              effective_on,
              bill_no: Number(bill_no ?? 0),
              note: note ?? "",
              ...(evidence_no ? { evidence_no: Number(evidence_no) } : {}),
            },
          })
        }
      >
        <Form.Item name="kind" label={w.kind} rules={[{ required: true }]}>
          <Select options={useOptions("limitationEvent")} />
        </Form.Item>
        <Form.Item name="effective_on" label={w.on} rules={[{ required: true }]}>
          <DayField />
        </Form.Item>
        <Form.Item name="bill_no" label={w.bill} rules={[{ pattern: /^\d+$/ }]}>
          <Input inputMode="numeric" placeholder={w.allBills} />
        </Form.Item>
        <Form.Item name="evidence_no" label={w.evidence} rules={[{ pattern: /^\d+$/ }]}>
          <Input inputMode="numeric" />
        </Form.Item>
        <Form.Item name="note" label={w.note}>
          <Input.TextArea rows={2} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<AskValues>
        open={open === "ask"}
        title={w.ask}
        submitText={w.ask}
        close={shut}
        submit={({ bill_no, ground, evidence_no }) =>
          ask.run({ path, body: { bill_no: Number(bill_no), ground, evidence_no: Number(evidence_no) } })
        }
      >
        <Form.Item name="bill_no" label={w.bill} rules={number}>
          <Input inputMode="numeric" />
        </Form.Item>
        <Form.Item name="ground" label={w.ground} rules={[{ required: true }]}>
          <Select options={useOptions("writeOffGround")} />
        </Form.Item>
        <Form.Item name="evidence_no" label={w.evidence} rules={number}>
          <Input inputMode="numeric" />
        </Form.Item>
      </EditDrawer>
    </Flex>
  );
}

function Cases({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const list = useList("/accounts/{account_no}/legal/cases", { path: { account_no: accountNo } }, 100);
  return (
    <Card size="small" title={w.cases}>
      <ProblemNote problem={list.problem} again={list.again} />
      <Table
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        rowKey="case_no"
        dataSource={list.rows}
        locale={{ emptyText: w.none }}
        columns={[
          {
            title: w.kind,
            render: (_, row) => (
              <Link to={`/legal/cases/${accountNo}/${row.case_no}`}>{name("legalKind", row.kind)}</Link>
            ),
          },
          { title: w.state, render: (_, row) => <StateTag family="legalState" word={row.state} /> },
          { title: w.claim, align: "right", render: (_, row) => <Money value={row.claim} /> },
          { title: w.fee, align: "right", render: (_, row) => <Money value={row.late_fee} /> },
          { title: w.term, render: (_, row) => <Day value={row.term_on} /> },
          { title: w.left, render: (_, row) => <DaysLeft days={row.days_left} /> },
        ]}
      />
    </Card>
  );
}

function Clocks({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const asked = useGet("/accounts/{account_no}/limitations", { path: { account_no: accountNo } });
  if (!asked.data) {
    return asked.problem ? <ProblemNote problem={asked.problem} again={asked.again} /> : <Spin />;
  }
  return (
    <Card size="small" title={w.clocks}>
      {asked.data.clocks.length === 0 && <Typography.Text type="secondary">{w.noClocks}</Typography.Text>}
      {asked.data.clocks.map((clock) => (
        <OneClock key={clock.bill_no} clock={clock} />
      ))}
    </Card>
  );
}

function OneClock({ clock }: { clock: Schema<"ClockTold"> }) {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  return (
    <section aria-label={w.billNo(clock.bill_no)}>
      <Flex gap={8} wrap align="center">
        <strong>{w.billNo(clock.bill_no)}</strong>
        <Money value={clock.open} unit />
        <span>
          {w.expires} <Day value={clock.expires_on} />
        </span>
        <DaysLeft days={clock.days_left} />
      </Flex>
      <Facts
        columns={2}
        facts={[
          [w.due, <Day key="d" value={clock.due_on} />],
          [w.longStop, <Day key="l" value={clock.long_stop_on} />],
        ]}
      />
      {!clock.rest_days_known && <Typography.Text type="secondary">{w.restUnknown}</Typography.Text>}
      <Timeline
        style={{ marginTop: 12 }}
        items={clock.events.map((event) => ({
          key: `${event.on}/${event.reference}`,
          color: event.interrupts ? "green" : "gray",
          content: (
            <>
              <Day value={event.on} /> <strong>{name("limitationEvent", event.kind)}</strong> [
              {event.reference}] <StateTag family="evidenceStrength" word={event.strength} />
              <div>
                {event.interrupts ? `${w.interrupts} ${event.expires_on}` : w.void}
                {event.void && `:${say(event.void)}`}
              </div>
            </>
          ),
        }))}
      />
      {clock.rules.map((rule) => (
        <RuleTag key={rule} id={rule} />
      ))}
    </section>
  );
}

function Order({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const asked = useGet("/accounts/{account_no}/legal/payment-order", { path: { account_no: accountNo } });
  const told = asked.data;
  if (!told) {
    return asked.problem ? <ProblemNote problem={asked.problem} again={asked.again} /> : <Spin />;
  }
  return (
    <Card size="small" title={w.order}>
      <Alert
        showIcon
        type={told.may_apply ? "success" : "warning"}
        title={told.may_apply ? w.mayApply : w.mayNot}
        description={told.with_late_fee ? w.withFee : w.withoutFee}
        style={{ marginBottom: 8 }}
      />
      <GateList
        gates={told.checks.map((check) => ({
          code: check.code,
          passed: check.holds,
          text: check.text,
          clause: check.article,
        }))}
      />
    </Card>
  );
}
