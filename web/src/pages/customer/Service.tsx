// How the customer is reached, and what he has to say.

import { Alert, Button, Card, Flex, Form, Input, Select, Spin, Tag, Typography } from "antd";
import { useRef, useState } from "react";
import type { Schema } from "@/api";
import { ProblemNote } from "@/parts";
import { useNames, useWords } from "@/words";
import { useDo, useOwn } from "./api";
import { words } from "./words";

type Kind = "mobile" | "email";

interface ContactForm {
  kind: Kind;
  value: string;
  code?: string;
}

function NewContact({ close }: { close: (told: string) => void }) {
  const w = useWords(words);
  const [form] = Form.useForm<ContactForm>();
  const kind = Form.useWatch("kind", form) ?? "mobile";
  const send = useDo<Schema<"CodeSent">>();
  const prove = useDo<Schema<"ContactKept">>();
  const [sent, setSent] = useState<{ minutes: number; value: string }>();
  const [had, setHad] = useState(false);
  const own = useOwn<Schema<"OwnContacts">>("/contacts");
  const finish = async (values: ContactForm) => {
    const value = values.value.trim();
    if (sent?.value !== value) {
      const told = await send.run("/contacts/code", { kind: values.kind, value });
      if (told) {
        setHad(own.data?.contacts.some((one) => one.kind === values.kind && one.designated) ?? false);
        setSent({ minutes: told.minutes, value });
      }
      return;
    }
    const kept = await prove.run("/contacts", { kind: values.kind, value, code: (values.code ?? "").trim() });
    if (kept) {
      close(had && kept.replaces === null ? w.contactBeside : w.contactKept);
    }
  };
  const problem = send.problem ?? prove.problem;
  return (
    <Form<ContactForm>
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ kind: "mobile" }}
      onFinish={finish}
      style={{ marginTop: 12 }}
    >
      <Form.Item name="kind" label={w.newKind}>
        <Select
          disabled={sent !== undefined}
          options={[
            { value: "mobile", label: w.mobile },
            { value: "email", label: w.email },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="value"
        label={kind === "mobile" ? w.newMobile : w.newEmail}
        rules={[{ required: true, whitespace: true, message: kind === "mobile" ? w.newMobile : w.newEmail }]}
      >
        <Input
          inputMode={kind === "mobile" ? "tel" : "email"}
          maxLength={200}
          readOnly={sent !== undefined}
          autoComplete="off"
        />
      </Form.Item>
      {sent && (
        <>
          <Alert type="info" role="status" title={w.contactCodeSent(sent.minutes)} />
          <Form.Item name="code" label={w.code} rules={[{ required: true, message: w.code }]}>
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
          </Form.Item>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      <Button type="primary" htmlType="submit" block loading={send.busy || prove.busy}>
        {sent ? w.confirm : w.sendCode}
      </Button>
    </Form>
  );
}

function Contacts() {
  const w = useWords(words);
  const name = useNames();
  const [changing, setChanging] = useState(false);
  const [told, setTold] = useState<string>();
  const { data, loading, problem } = useOwn<Schema<"OwnContacts">>("/contacts");
  return (
    <Card size="small" title={w.contacts}>
      {problem && <ProblemNote problem={problem} />}
      {loading && <Spin aria-label={w.loading} />}
      {data?.contacts.map((contact) => (
        <Flex key={contact.contact_no} justify="space-between" gap={8} wrap style={{ padding: "6px 0" }}>
          <span>
            {name("contactKind", contact.kind)} <span className="dh-num">{contact.value}</span>
          </span>
          <span>
            {contact.designated && <Tag color="blue">{w.contract}</Tag>}
            {contact.trouble ? (
              <Tag color="red">{w.failing}</Tag>
            ) : (
              <Typography.Text type="secondary">
                {contact.verified_on ? w.verified(contact.verified_on) : w.notVerified}
              </Typography.Text>
            )}
          </span>
        </Flex>
      ))}
      {told && <Alert type="success" role="status" title={told} style={{ marginTop: 8 }} />}
      {changing ? (
        <NewContact
          close={(text) => {
            setChanging(false);
            setTold(text);
          }}
        />
      ) : (
        <Button
          block
          size="large"
          style={{ marginTop: 8 }}
          onClick={() => {
            setTold(undefined);
            setChanging(true);
          }}
        >
          {w.change}
        </Button>
      )}
    </Card>
  );
}

interface ReportForm {
  kind: Schema<"ReportKind">;
  text: string;
  reach?: string;
}

function Report() {
  const w = useWords(words);
  const [form] = Form.useForm<ReportForm>();
  const { run, busy, problem } = useDo<Schema<"ReportTaken">>();
  const [taken, setTaken] = useState<number>();
  // The same words sent again after a failure are one report.
  const key = useRef(crypto.randomUUID());
  return (
    <Card size="small" title={w.report}>
      <Form<ReportForm>
        form={form}
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ kind: "outage" }}
        onValuesChange={() => {
          key.current = crypto.randomUUID();
        }}
        onFinish={async (values) => {
          const told = await run("/reports", { ...values, reach: values.reach ?? null }, key.current);
          if (told) {
            setTaken(told.report_no);
            key.current = crypto.randomUUID();
            form.resetFields(["text"]);
          }
        }}
      >
        <Form.Item name="kind" label={w.reportKind}>
          <Select options={Object.entries(w.kinds).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <Form.Item
          name="text"
          label={w.reportText}
          rules={[{ required: true, whitespace: true, message: w.reportText }]}
        >
          <Input.TextArea maxLength={2000} autoSize={{ minRows: 3 }} />
        </Form.Item>
        <Form.Item name="reach" label={w.reach}>
          <Input maxLength={100} autoComplete="tel" />
        </Form.Item>
        {problem && <ProblemNote problem={problem} />}
        {taken !== undefined && <Alert type="success" role="status" title={w.reported(taken)} />}
        <Button type="primary" htmlType="submit" block loading={busy} style={{ marginTop: 8 }}>
          {w.send}
        </Button>
      </Form>
    </Card>
  );
}

function Reports() {
  const w = useWords(words);
  const name = useNames();
  const { data } = useOwn<{ items: Schema<"ReportShown">[] }>("/reports?limit=20");
  if (!data || data.items.length === 0) {
    return null;
  }
  return (
    <Card size="small" title={w.myReports}>
      {data.items.map((report) => (
        <div key={report.report_no} style={{ padding: "6px 0" }}>
          <Flex justify="space-between" gap={8}>
            <strong>
              {report.report_no} · {name("request", report.kind)}
            </strong>
            <Tag color={report.state === "done" ? "green" : "orange"}>
              {report.state === "done" ? w.answered : w.waiting}
            </Tag>
          </Flex>
          <div style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{report.text}</div>
          {report.answer && <Alert type="info" title={report.answer} />}
        </div>
      ))}
    </Card>
  );
}

/** Reports and contacts. */
export function Service() {
  return (
    <Flex vertical gap={12}>
      <Report />
      <Reports />
      <Contacts />
    </Flex>
  );
}
