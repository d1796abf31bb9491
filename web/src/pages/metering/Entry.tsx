// Readings one after the other, by the keyboard alone: account, reading, Enter, verdict, the next.

import { Button, Card, Flex, Form, Input, type InputRef, List, Tag, Typography } from "antd";
import { useRef, useState } from "react";
import { type Answer, type ApiProblem, asProblem, type Operation, useSend } from "@/api";
import { AccountLink, PageHead, ProblemNote } from "@/parts";
import { useSay, useWords } from "@/words";
import { words } from "./words";

type Verdict = Answer<Operation<"/accounts/{account_no}/readings", "post">>;

interface Typed {
  account: string;
  total: string;
  meter?: string;
}

interface Done extends Typed {
  verdict: Verdict;
}

/** The page. */
export default function Entry() {
  const w = useWords(words);
  const say = useSay();
  const [form] = Form.useForm<Typed>();
  const account = useRef<InputRef>(null);
  const [done, setDone] = useState<Done[]>([]);
  const [problem, setProblem] = useState<ApiProblem>();
  const send = useSend("post", "/accounts/{account_no}/readings");
  const enter = async (typed: Typed) => {
    setProblem(undefined);
    try {
      const meter = typed.meter?.trim();
      const verdict = await send.run({
        path: { account_no: typed.account.trim() },
        body: {
          registers: [{ kind: "total", value: typed.total.trim() }],
          ...(meter ? { meter_no: meter } : {}),
        },
      });
      setDone((before) => [{ ...typed, verdict }, ...before].slice(0, 200));
      form.resetFields();
      account.current?.focus();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  const needed = { required: true, message: w.needed };
  return (
    <>
      <PageHead title={w.enter} />
      <Card size="small" style={{ marginBottom: 12 }}>
        <Typography.Paragraph type="secondary">{w.entryHint}</Typography.Paragraph>
        <Form<Typed> form={form} layout="inline" onFinish={enter} requiredMark={false}>
          <Form.Item name="account" label={w.account} rules={[needed]}>
            <Input ref={account} autoFocus inputMode="numeric" autoComplete="off" style={{ width: 180 }} />
          </Form.Item>
          <Form.Item name="total" label={w.total} rules={[needed]}>
            <Input inputMode="decimal" autoComplete="off" style={{ width: 140 }} />
          </Form.Item>
          <Form.Item name="meter" label={w.meter}>
            <Input autoComplete="off" style={{ width: 140 }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={send.busy}>
            {w.save}
          </Button>
        </Form>
        <ProblemNote problem={problem} />
      </Card>
      <Card size="small" title={`${w.entered} ${done.length}`}>
        <List
          size="small"
          dataSource={done}
          locale={{ emptyText: w.noneEntered }}
          rowKey={(row) => `${row.account}/${row.total}/${done.indexOf(row)}`}
          renderItem={(row) => (
            <List.Item>
              <Flex gap={12} wrap align="baseline">
                <AccountLink no={row.account} />
                <span className="dh-num">{row.total}</span>
                {row.verdict.clean ? (
                  <Tag color="green">{w.clean}</Tag>
                ) : (
                  row.verdict.names.map((name, at) => (
                    <Tag color="red" key={row.verdict.codes[at] ?? at}>
                      {say(name)}
                    </Tag>
                  ))
                )}
                {!row.verdict.written && <Tag>{w.there}</Tag>}
                {row.verdict.why.length > 0 && (
                  <Typography.Text type="secondary">
                    {row.verdict.why.map((step) => say(step.text)).join("; ")}
                  </Typography.Text>
                )}
              </Flex>
            </List.Item>
          )}
        />
      </Card>
    </>
  );
}
