// Number, code: that is all a customer has to know.

import { Alert, Button, Card, Form, Input } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { type ApiProblem, asProblem } from "@/api";
import { ProblemNote } from "@/parts";
import { useWords } from "@/words";
import { ask, type Me } from "./api";
import { words } from "./words";

interface Values {
  account: string;
  code?: string;
}

/** The sign-in. */
export function SignIn({ begun }: { begun: (me: Me) => void }) {
  const w = useWords(words);
  const [form] = Form.useForm<Values>();
  const [minutes, setMinutes] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const doing = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  const send = () =>
    doing(async () => {
      const { account } = await form.validateFields(["account"]);
      const told = await ask<{ minutes: number }>("POST", "/code", { body: { account_no: account.trim() } });
      setMinutes(told.minutes);
    });
  const enter = ({ account, code }: Values) =>
    doing(async () => {
      const body = { account_no: account.trim(), code: (code ?? "").trim() };
      begun(await ask<Me>("POST", "/login", { body }));
    });
  return (
    <Card style={{ marginTop: 16 }}>
      <Form<Values>
        form={form}
        layout="vertical"
        size="large"
        requiredMark={false}
        onFinish={minutes === undefined ? send : enter}
      >
        <Form.Item
          name="account"
          label={w.accountNo}
          extra={w.accountHint}
          rules={[{ required: true, whitespace: true, message: w.accountHint }]}
        >
          <Input inputMode="numeric" autoComplete="username" maxLength={64} />
        </Form.Item>
        {minutes !== undefined && (
          <>
            <Alert type="info" title={w.codeSent(minutes)} style={{ marginBottom: 16 }} role="status" />
            <Form.Item name="code" label={w.code} rules={[{ required: true, message: w.code }]}>
              <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
            </Form.Item>
          </>
        )}
        {problem && <ProblemNote problem={problem} />}
        <Button type="primary" htmlType="submit" block loading={busy} style={{ marginTop: 8 }}>
          {minutes === undefined ? w.sendCode : w.signIn}
        </Button>
        {minutes !== undefined && (
          <Button type="link" block onClick={send} disabled={busy}>
            {w.sendAgain}
          </Button>
        )}
      </Form>
      <Link to="/home">{w.staff}</Link>
    </Card>
  );
}
