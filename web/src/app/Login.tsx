// Signing in. The page that was asked for stands in the address and is shown afterwards.

import { LockOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Card, Divider, Flex, Form, Input, Typography } from "antd";
import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { asProblem, type Schema } from "@/api";
import { request } from "@/api/client";
import type { ApiProblem } from "@/api/problem";
import { ProblemNote } from "@/parts/ProblemNote";
import { useWords } from "@/words";
import { Choices } from "./Choices";
import { useSession } from "./session";
import { words } from "./words";

/** The lamp and the name of the product. */
export function Brand({ large = false }: { large?: boolean }) {
  const w = useWords(words);
  return (
    <Flex align="center" gap={10}>
      <img src="/icon.svg" alt="" width={large ? 40 : 26} height={large ? 40 : 26} />
      <span style={{ fontSize: large ? 26 : 18, fontWeight: 600, whiteSpace: "nowrap" }}>{w.product}</span>
    </Flex>
  );
}

/** A card in the middle of an empty page. */
export function Alone({ title, children }: { title: string; children: React.ReactNode }) {
  const w = useWords(words);
  return (
    <main style={{ minHeight: "100vh", display: "grid", placeItems: "center", padding: 16 }}>
      <Card style={{ width: "100%", maxWidth: 400 }}>
        <Flex justify="space-between" align="center">
          <Brand large />
          <Choices />
        </Flex>
        <Typography.Paragraph type="secondary" style={{ marginTop: 4 }}>
          {w.subtitle}
        </Typography.Paragraph>
        <Typography.Title level={1} style={{ fontSize: 20 }}>
          {title}
        </Typography.Title>
        {children}
      </Card>
    </main>
  );
}

interface Fields {
  name: string;
  password: string;
}

/** The login page. */
export function Login() {
  const w = useWords(words);
  const { signIn } = useSession();
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${w.signIn} · 灯火`;
  }, [w]);
  const submit = async ({ name, password }: Fields) => {
    setBusy(true);
    try {
      await signIn(name.trim(), password);
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setBusy(false);
    }
  };
  return (
    <Alone title={w.signIn}>
      <Form<Fields> layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={w.name} rules={[{ required: true, message: w.needName }]}>
          <Input
            autoFocus
            autoComplete="username"
            prefix={<UserOutlined />}
            placeholder={w.nameHint}
            maxLength={64}
          />
        </Form.Item>
        <Form.Item name="password" label={w.password} rules={[{ required: true, message: w.needPassword }]}>
          <Input.Password autoComplete="current-password" prefix={<LockOutlined />} maxLength={256} />
        </Form.Item>
        <ProblemNote problem={problem} />
        <Button type="primary" htmlType="submit" block loading={busy}>
          {w.signIn}
        </Button>
      </Form>
      <SingleSignOn />
    </Alone>
  );
}

/** Where the provider sends back, and what keeps the page that was asked for meanwhile. */
const BACK = "/login/back";
const WANTED = "denghuo.wanted";

/** The way by the company's identity provider, where there is one; takes in who comes back from it. */
function SingleSignOn() {
  const w = useWords(words);
  const { comeBack } = useSession();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const [called, setCalled] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(pathname === BACK);
  useEffect(() => {
    // Without it the password remains.
    request<Schema<"Ways">>("get", "/login/ways").then(
      ({ data }) => setCalled(data.sso ?? undefined),
      () => undefined,
    );
  }, []);
  useEffect(() => {
    if (pathname !== BACK) {
      return;
    }
    const told = new URLSearchParams(search);
    const wanted = sessionStorage.getItem(WANTED) ?? "/home";
    sessionStorage.removeItem(WANTED);
    // The code is good once: it leaves the address before it is used.
    navigate(wanted, { replace: true });
    const [state, code] = [told.get("state"), told.get("code")];
    if (!state || !code) {
      setBusy(false);
      return;
    }
    comeBack(state, code).catch((thrown) => {
      setProblem(asProblem(thrown));
      setBusy(false);
    });
  }, [pathname, search, navigate, comeBack]);
  const depart = async () => {
    setBusy(true);
    try {
      const { data } = await request<Schema<"Away">>("post", "/login/sso", { body: {} });
      sessionStorage.setItem(WANTED, `${pathname}${search}`);
      window.location.assign(data.url);
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setBusy(false);
    }
  };
  if (called === undefined && !problem) {
    return null;
  }
  return (
    <>
      <Divider plain>{w.or}</Divider>
      <ProblemNote problem={problem} />
      <Button block onClick={depart} loading={busy}>
        {called}
      </Button>
    </>
  );
}
