// Files of the bank: tried with every bad line told, then posted whole; what became of the lines of each.

import { Alert, Button, Card, Flex, Form, Input, Radio } from "antd";
import { useState } from "react";
import { asProblem, type Schema, useSend } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { Day, Facts, FileDrop, ListPage, Money, PageHead, ProblemNote } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

type Result = Schema<"Imported"> | Schema<"Reconciled">;

function Outcome({ result, posted }: { result: Result; posted: boolean }) {
  const w = useWords(words);
  const counts: [string, number][] =
    "by_id" in result
      ? [
          [w.byId, result.by_id],
          [w.byAmount, result.by_amount],
          [w.matched, result.seen],
          [w.unmatched, result.unmatched],
          [w.unconfirmed, result.unconfirmed.length],
        ]
      : [
          [w.posted, result.posted],
          [w.matched, result.known],
          [w.suspense, result.suspense],
        ];
  return (
    <Alert
      type={result.already_there ? "info" : "success"}
      role="status"
      title={result.already_there ? w.already : posted ? w.done : w.tried}
      description={
        <Facts
          facts={[
            [w.rows, result.rows],
            [w.total, <Money key="t" value={result.total} unit />],
            ...counts.map(([label, count]): [string, number] => [label, count]),
          ]}
        />
      }
    />
  );
}

function Intake() {
  const w = useWords(words);
  const collect = useSend("post", "/bank/collections");
  const tryCollect = useSend("post", "/bank/collections/check");
  const match = useSend("post", "/bank/statements");
  const tryMatch = useSend("post", "/bank/statements/check");
  const [kind, setKind] = useState<"collection" | "statement">("collection");
  const [file, setFile] = useState<File>();
  const [fileId, setFileId] = useState("");
  const [bank, setBank] = useState("");
  const [told, setTold] = useState<{ result: Result; posted: boolean }>();
  const [problem, setProblem] = useState<ApiProblem>();
  const send = async (posted: boolean) => {
    setTold(undefined);
    setProblem(undefined);
    if (!file) {
      return;
    }
    const args = { query: { file_id: fileId || file.name, bank }, file };
    try {
      const result =
        kind === "collection"
          ? await (posted ? collect : tryCollect).run(args)
          : await (posted ? match : tryMatch).run(args);
      setTold({ result, posted });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <Card size="small">
      <Form layout="vertical">
        <Radio.Group
          value={kind}
          onChange={(event) => {
            setKind(event.target.value as "collection" | "statement");
            setTold(undefined);
          }}
          options={[
            { value: "collection", label: w.collection },
            { value: "statement", label: w.statement },
          ]}
          style={{ marginBottom: 12 }}
        />
        <FileDrop
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            setFileId(chosen?.name ?? "");
            setTold(undefined);
          }}
          accept=".csv,.xlsx"
          largest={8}
        />
        <Flex gap={12} wrap style={{ marginTop: 12 }}>
          <Form.Item label={w.fileId} htmlFor="bank-file-id">
            <Input id="bank-file-id" value={fileId} onChange={(event) => setFileId(event.target.value)} />
          </Form.Item>
          <Form.Item label={w.bank} htmlFor="bank-name">
            <Input id="bank-name" value={bank} onChange={(event) => setBank(event.target.value)} />
          </Form.Item>
        </Flex>
        <Flex gap={8}>
          <Button onClick={() => send(false)} disabled={!file}>
            {w.check}
          </Button>
          <Button type="primary" onClick={() => send(true)} disabled={!file || !told || told.posted}>
            {w.post}
          </Button>
        </Flex>
      </Form>
      <ProblemNote problem={problem} />
      {told && <Outcome result={told.result} posted={told.posted} />}
    </Card>
  );
}

/** The page. */
export default function Bank() {
  const w = useWords(words);
  const kinds: Record<string, string> = {
    collection: w.collection,
    statement: w.statement,
    provider: w.provider,
  };
  return (
    <>
      <PageHead title={w.titles.bank} />
      <Flex vertical gap={12}>
        <Intake />
        <ListPage
          path="/bank/files"
          name="bank.files"
          rowKey={(row) => row.file_id}
          expand={(row) => <Lines fileId={row.file_id} />}
          columns={[
            { key: "file_id", title: w.fileId },
            { key: "kind", title: w.kind, render: (row) => kinds[row.kind] ?? row.kind },
            { key: "bank", title: w.bank },
            { key: "on", title: w.on, render: (row) => <Day value={row.on} /> },
            { key: "rows", title: w.rows, align: "right" },
            { key: "total", title: w.total, align: "right", render: (row) => <Money value={row.total} /> },
            { key: "posted", title: w.posted, align: "right" },
            { key: "matched", title: w.matched, align: "right" },
            { key: "suspense", title: w.suspense, align: "right" },
            { key: "decided", title: w.decided, align: "right" },
          ]}
        />
      </Flex>
    </>
  );
}

function Lines({ fileId }: { fileId: string }) {
  const w = useWords(words);
  const states: Record<string, string> = {
    posted: w.posted,
    matched: w.matched,
    suspense: w.suspense,
    resolved: w.decided,
    returned: w.giveBack,
  };
  return (
    <ListPage
      path="/bank/lines"
      args={{ query: { file_id: fileId } }}
      name="bank.lines"
      rowKey={(row) => row.line_no}
      columns={[
        { key: "line_no", title: w.line, align: "right" },
        { key: "external_id", title: w.externalId },
        { key: "account_no", title: w.account },
        { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
        { key: "value_on", title: w.valueOn, render: (row) => <Day value={row.value_on} /> },
        { key: "state", title: w.state, render: (row) => states[row.state] ?? row.state },
      ]}
    />
  );
}
