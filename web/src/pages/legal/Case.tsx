// A legal case: what it claims, what happened, what may follow; approval by a second person, the letter, the bundle.

import { Card, Col, Form, Input, Row, Select, Table, Timeline } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { download, type Schema, useGet, useSend } from "@/api";
import { useMe } from "@/app/session";
import {
  AccountLink,
  ActionButton,
  Day,
  DayField,
  DaysLeft,
  DetailPage,
  EditDrawer,
  Money,
  RuleTag,
  StateTag,
} from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

type LegalCase = Schema<"LegalCase">;

/** The page. */
export default function Case() {
  const { accountNo = "", caseNo = "" } = useParams();
  const w = useWords(words);
  const name = useNames();
  const path = { account_no: accountNo, case_no: Number(caseNo) };
  const asked = useGet("/accounts/{account_no}/legal/cases/{case_no}", { path }, { keep: true });
  const told = asked.data;
  return (
    <DetailPage
      title={w.caseOf(accountNo, caseNo)}
      back="/legal/cases"
      loading={!told && asked.loading}
      problem={asked.problem}
      again={asked.again}
      tags={told && <StateTag family="legalState" word={told.state} />}
      actions={told && <Deeds told={told} path={path} />}
      {...(told
        ? {
            facts: [
              [w.number, <AccountLink key="a" no={accountNo} tab="legal" />],
              [w.kind, name("legalKind", told.kind)],
              [w.claim, <Money key="c" value={told.claim} unit />],
              [w.fee, <Money key="f" value={told.late_fee} unit />],
              [w.opened, `${told.opened_on} ${told.opened_by}`],
              [w.approved, told.approved_by && `${told.approved_on} ${told.approved_by}`],
              [
                w.term,
                told.term_on && (
                  <span key="t">
                    <Day value={told.term_on} /> <DaysLeft days={told.days_left} />
                  </span>
                ),
              ],
              [w.counsel, told.counsel],
              [w.court, told.court],
              [w.courtRef, told.court_ref],
              [w.outcome, name("legalOutcome", told.outcome)],
            ] as [string, React.ReactNode][],
          }
        : {})}
    >
      {told && (
        <Row gutter={[12, 12]}>
          <Col xs={24} xl={12}>
            <Card size="small" title={w.claims}>
              <Table
                size="small"
                pagination={false}
                rowKey="bill_no"
                dataSource={told.bills}
                scroll={{ x: "max-content" }}
                columns={[
                  { title: w.bill, render: (_, row) => w.billNo(row.bill_no) },
                  { title: w.claim, align: "right", render: (_, row) => <Money value={row.amount} /> },
                  { title: w.fee, align: "right", render: (_, row) => <Money value={row.late_fee} /> },
                ]}
              />
              {told.rules.map((rule) => (
                <RuleTag key={rule} id={rule} />
              ))}
            </Card>
          </Col>
          <Col xs={24} xl={12}>
            <Card
              size="small"
              title={w.history}
              extra={
                <Link to={`/evidence/bundles?account=${accountNo}&case=legal:${caseNo}`}>{w.bundle}</Link>
              }
            >
              <Timeline
                items={told.steps.map((step) => ({
                  key: step.step_no,
                  content: (
                    <>
                      <Day value={step.happened_on} /> <strong>{name("legalStep", step.kind)}</strong>{" "}
                      {step.noted_by} {name("legalOutcome", step.note)}
                    </>
                  ),
                }))}
              />
            </Card>
          </Col>
        </Row>
      )}
    </DetailPage>
  );
}

type Open = "approve" | "reject" | "step" | "close" | undefined;

interface StepValues {
  kind: LegalCase["next_steps"][number];
  happened_on?: string;
  note?: string;
  court?: string;
  court_ref?: string;
}

function Deeds({ told, path }: { told: LegalCase; path: { account_no: string; case_no: number } }) {
  const w = useWords(words);
  const me = useMe();
  const name = useNames();
  const outcomes = useOptions("legalOutcome").filter(({ value }) => value in CLOSED_BY_HAND);
  const [open, setOpen] = useState<Open>();
  const approve = useSend("post", "/accounts/{account_no}/legal/cases/{case_no}/approve");
  const reject = useSend("post", "/accounts/{account_no}/legal/cases/{case_no}/reject");
  const step = useSend("post", "/accounts/{account_no}/legal/cases/{case_no}/steps");
  const close = useSend("post", "/accounts/{account_no}/legal/cases/{case_no}/close");
  const proposed = told.state === "proposed" ? undefined : w.notProposed;
  const ended = told.closed_on ? w.isClosed : undefined;
  const shut = () => setOpen(undefined);
  return (
    <>
      <ActionButton
        permission="see_legal"
        blocked={told.notice_no === null ? w.noLetter : undefined}
        done={false}
        run={() => download("/accounts/{account_no}/legal/cases/{case_no}/letter", { path }, "letter.pdf")}
      >
        {w.letter}
      </ActionButton>
      <ActionButton
        primary
        permission="approve_legal"
        blocked={proposed ?? (told.opened_by === me?.name ? w.twoPersons : undefined)}
        done={false}
        run={async () => setOpen("approve")}
      >
        {w.approve}
      </ActionButton>
      <ActionButton
        permission="approve_legal"
        blocked={proposed}
        done={false}
        run={async () => setOpen("reject")}
      >
        {w.reject}
      </ActionButton>
      <ActionButton
        permission="work_legal"
        blocked={ended ?? (told.next_steps.length === 0 ? w.noSteps : undefined)}
        done={false}
        run={async () => setOpen("step")}
      >
        {w.step}
      </ActionButton>
      <ActionButton permission="work_legal" blocked={ended} done={false} run={async () => setOpen("close")}>
        {w.close}
      </ActionButton>
      <EditDrawer<{ counsel?: string }>
        open={open === "approve"}
        title={w.approve}
        submitText={w.approve}
        close={shut}
        submit={({ counsel }) => approve.run({ path, body: counsel ? { counsel } : {} })}
      >
        <Form.Item name="counsel" label={w.counsel}>
          <Input />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<{ reason: string }>
        open={open === "reject"}
        title={w.reject}
        close={shut}
        submit={(body) => reject.run({ path, body })}
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.why }]}>
          <Input.TextArea rows={3} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<StepValues>
        open={open === "step"}
        title={w.step}
        close={shut}
        submit={(values) => step.run({ path, body: given(values) })}
      >
        <Form.Item name="kind" label={w.step} rules={[{ required: true }]}>
          <Select
            options={told.next_steps.map((kind) => ({ value: kind, label: name("legalStep", kind) }))}
          />
        </Form.Item>
        <Form.Item name="happened_on" label={w.on}>
          <DayField />
        </Form.Item>
        <Form.Item name="court" label={w.court}>
          <Input />
        </Form.Item>
        <Form.Item name="court_ref" label={w.courtRef}>
          <Input />
        </Form.Item>
        <Form.Item name="note" label={w.note}>
          <Input.TextArea rows={3} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<{ outcome: Schema<"CaseOutcome"> }>
        open={open === "close"}
        title={w.close}
        close={shut}
        submit={(body) => close.run({ path, body })}
      >
        <Form.Item name="outcome" label={w.outcome} rules={[{ required: true }]}>
          <Select options={outcomes} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}

const CLOSED_BY_HAND: Record<Schema<"CaseOutcome">, true> = {
  paid: true,
  settled: true,
  withdrawn: true,
  dismissed: true,
  enforced: true,
  unenforceable: true,
};

/** What was filled in. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ""),
  ) as T;
}
