// 异常工作台: open doubts grouped by finding, answered one by one or many at once.

import { Alert, App, Button, Card, Flex, Form, Input, Segmented, Select } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { type Operation, type RowOf, useGet, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import { AccountLink, Day, EditDrawer, ListPage, PageHead, ProblemNote } from "@/parts";
import { useNames, useOptions, useSay, useSubject, useWords } from "@/words";
import { useBilled } from "./billed";
import { words } from "./words";

type Row = RowOf<"/exceptions">;
type AnswerWord = WriteArgs<Operation<"/exceptions/answers", "post">>["body"]["answer"];

interface Filled {
  answer: AnswerWord;
  reason: string;
  total?: string;
}

/** The page. */
export default function Exceptions() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const about = useSubject();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [answering, setAnswering] = useState<Row[]>([]);
  const codes = useGet("/exceptions/codes", {}, { keep: true });
  const code = search.get("code") ?? "";
  const options = [
    { value: "", label: w.all },
    ...(codes.data?.codes ?? []).map((line) => ({
      value: line.code,
      label: `${name("finding", line.code)} ${line.open}`,
    })),
  ].filter((option, at, all) => all.findIndex((other) => other.value === option.value) === at);
  return (
    <>
      <PageHead title={w.exceptions} />
      <ProblemNote problem={codes.problem} again={codes.again} />
      <Card size="small" title={w.byCode} style={{ marginBottom: 12 }}>
        <div style={{ overflowX: "auto" }}>
          <Segmented
            value={code}
            options={options}
            onChange={(next) => setSearch(next ? { code: next } : {})}
          />
        </div>
      </Card>
      <ListPage
        key={code}
        path="/exceptions"
        args={{ query: code ? { code } : {} }}
        name="metering.exceptions"
        rowKey={(row) => `${row.kind}/${row.account_no}/${row.subject}`}
        {...(may("decide_readings")
          ? {
              bulk: (rows: Row[], clear: () => void) => (
                <Button
                  type="primary"
                  onClick={() => {
                    setAnswering(rows);
                    clear();
                  }}
                >
                  {w.answerMany(rows.length)}
                </Button>
              ),
            }
          : {})}
        columns={[
          {
            key: "account_no",
            title: w.account,
            sort: "account_no",
            render: (row) => <AccountLink no={row.account_no} />,
          },
          { key: "kind", title: w.holds, render: (row) => name("taskKind", row.kind) },
          {
            key: "detail",
            title: w.detail,
            render: (row) => <div className="dh-said">{say(row.detail)}</div>,
          },
          { key: "subject", title: w.subject, sort: "subject", render: (row) => about(row.subject) },
          {
            key: "opened_on",
            title: w.openedOn,
            sort: "opened_on",
            render: (row) => <Day value={row.opened_on} />,
          },
          {
            key: "answer",
            title: w.answer,
            render: (row) =>
              may("decide_readings") && (
                <Button size="small" onClick={() => setAnswering([row])}>
                  {w.answer}
                </Button>
              ),
          },
        ]}
      />
      <AnswerForm rows={answering} close={() => setAnswering([])} />
    </>
  );
}

/** Answers that take the reading back: possible while no bill rests on it. */
const TAKES_BACK = ["re_read", "provisional"];

function AnswerForm({ rows, close }: { rows: Row[]; close: () => void }) {
  const w = useWords(words);
  const say = useSay();
  const { message } = App.useApp();
  const answers = useOptions("readingAnswer");
  const one = useSend("post", "/accounts/{account_no}/exceptions/answers");
  const many = useSend("post", "/exceptions/answers");
  const [first] = rows;
  const single = rows.length === 1;
  const billed = useBilled(rows);
  const needed = { required: true, message: w.needed };
  const submit = async ({ answer, reason, total }: Filled) => {
    if (single && first?.account_no) {
      await one.run({
        path: { account_no: first.account_no },
        body: {
          subject: first.subject,
          answer,
          reason,
          ...(total ? { registers: [{ kind: "total", value: total }] } : {}),
        },
      });
      message.success(w.done(1));
      return;
    }
    const doubts = rows.map((row) => ({ account_no: row.account_no ?? "", subject: row.subject }));
    const done = await many.run({ body: { doubts, answer, reason } });
    message.success(w.done(done.answered));
    if (done.refused.length > 0) {
      message.warning(w.refused(done.refused.length));
    }
  };
  return (
    <EditDrawer<Filled> open={rows.length > 0} close={close} title={w.answer} submit={submit} done={false}>
      {(form) => (
        <>
          <Flex vertical gap={4} style={{ marginBottom: 12 }}>
            {rows.slice(0, 5).map((row) => (
              <span key={`${row.account_no}${row.subject}`}>
                {row.account_no} {say(row.detail)}
              </span>
            ))}
            {rows.length > 5 && <span>… {rows.length}</span>}
          </Flex>
          {billed && <Alert type="info" showIcon title={billed} style={{ marginBottom: 12 }} />}
          <Form.Item name="answer" label={w.how} rules={[needed]}>
            <Select
              options={answers
                .filter((option) => single || option.value !== "correct")
                .map((option) => ({
                  ...option,
                  disabled: Boolean(billed) && TAKES_BACK.includes(option.value),
                }))}
            />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() =>
              form.getFieldValue("answer") === "correct" && (
                <Form.Item name="total" label={w.corrected} rules={[needed]}>
                  <Input inputMode="decimal" />
                </Form.Item>
              )
            }
          </Form.Item>
          <Form.Item name="reason" label={w.reason} rules={[needed]}>
            <Input.TextArea rows={3} maxLength={400} showCount />
          </Form.Item>
        </>
      )}
    </EditDrawer>
  );
}
