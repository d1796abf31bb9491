// Files of the registry: tried with every bad row told, then taken whole.

import { Alert, Button, Card, Flex, Form, Select, Table, Typography } from "antd";
import { useState } from "react";
import { asProblem, download, type Schema, useGet, useSend } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { ActionButton, Day, FileDrop, ListPage, PageHead, ProblemNote } from "@/parts";
import { useLanguage, useSay, useWords } from "@/words";
import { KINDS } from "./kinds";
import { words } from "./words";

type Told = Schema<"ImportResult">;

function Outcome({ told, taken }: { told: Told; taken: boolean }) {
  const w = useWords(words);
  const say = useSay();
  const text = told.known ? w.known : taken ? w.taken(told.rows) : w.checked(told.rows);
  return (
    <>
      <Alert type={told.known ? "info" : "success"} showIcon title={text} role="status" />
      {told.warnings.length > 0 && (
        <Table
          size="small"
          title={() => w.warnings}
          rowKey={(row) => `${row.line}/${row.column}/${row.zh}`}
          dataSource={told.warnings}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          columns={[
            { key: "line", title: w.line, dataIndex: "line" },
            { key: "column", title: w.column, dataIndex: "column" },
            { key: "value", title: w.value, dataIndex: "value" },
            { key: "why", title: w.why, render: (_, row) => say({ zh: row.zh, en: row.en }) },
          ]}
        />
      )}
    </>
  );
}

/** What a kind of file is called. */
function useKind(): (of: { kind: string; name: string }) => string {
  const { language } = useLanguage();
  return ({ kind, name }) => (language === "zh" ? name : (KINDS[kind] ?? kind));
}

function Intake() {
  const w = useWords(words);
  const name = useKind();
  const kinds = useGet("/import-kinds", {});
  const check = useSend("post", "/imports/{kind}/check");
  const take = useSend("post", "/imports/{kind}");
  const [kind, setKind] = useState<string>();
  const [file, setFile] = useState<File>();
  const [told, setTold] = useState<{ result: Told; taken: boolean }>();
  const [problem, setProblem] = useState<ApiProblem>();
  const chosen = kinds.data?.kinds.find((known) => known.kind === kind);
  const forget = () => {
    setTold(undefined);
    setProblem(undefined);
  };
  const send = async (taken: boolean) => {
    forget();
    if (!kind || !file) {
      return;
    }
    try {
      const args = { path: { kind }, query: { file_name: file.name }, file };
      setTold({ result: await (taken ? take : check).run(args), taken });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  const isChecked = told !== undefined && !told.taken && !told.result.known;
  return (
    <Card size="small">
      <Form layout="vertical">
        <Form.Item label={w.fileKind} htmlFor="import-kind">
          <Select
            id="import-kind"
            {...(kind ? { value: kind } : {})}
            onChange={(value: string) => {
              setKind(value);
              forget();
            }}
            style={{ maxWidth: 360 }}
            options={(kinds.data?.kinds ?? []).map((known) => ({
              value: known.kind,
              label: `${name(known)} (${known.kind})`,
            }))}
          />
        </Form.Item>
        {chosen && (
          <Form.Item label={w.columns}>
            <Flex gap={12} align="center" wrap>
              <Typography.Text type="secondary">{chosen.columns.join(", ")}</Typography.Text>
              <Button
                size="small"
                onClick={() =>
                  download(
                    "/import-kinds/{kind}/template",
                    { path: { kind: chosen.kind } },
                    `${chosen.kind}.csv`,
                  )
                }
              >
                {w.template}
              </Button>
            </Flex>
          </Form.Item>
        )}
        <Form.Item label={w.file}>
          <FileDrop
            accept=".csv,.xlsx"
            largest={8}
            value={file}
            onChange={(next) => {
              setFile(next);
              forget();
            }}
          />
        </Form.Item>
      </Form>
      <Flex vertical gap={12}>
        <Flex gap={8}>
          <Button type="primary" disabled={!kind || !file} loading={check.busy} onClick={() => send(false)}>
            {w.check}
          </Button>
          <ActionButton
            permission="import_registry"
            blocked={isChecked ? undefined : w.checkFirst}
            done={false}
            run={() => send(true)}
          >
            {w.take}
          </ActionButton>
        </Flex>
        {told && <Outcome told={told.result} taken={told.taken} />}
        <ProblemNote problem={problem} />
      </Flex>
    </Card>
  );
}

/** The page. */
export default function Imports() {
  const w = useWords(words);
  const name = useKind();
  const kinds = useGet("/import-kinds", {});
  return (
    <>
      <PageHead title={w.imports} />
      <Flex vertical gap={16}>
        <Intake />
        <Card size="small" title={w.done}>
          <ListPage
            path="/imports"
            name="imports"
            rowKey={(row) => `${row.kind}/${row.name}`}
            columns={[
              {
                key: "kind",
                title: w.fileKind,
                render: (row) =>
                  name(
                    kinds.data?.kinds.find((known) => known.kind === row.kind) ?? {
                      kind: row.kind,
                      name: row.kind,
                    },
                  ),
              },
              { key: "name", title: w.file },
              { key: "rows", title: w.rows, align: "right" },
              { key: "imported_on", title: w.on, render: (row) => <Day value={row.imported_on} /> },
              { key: "digest", title: w.digest, hidden: true },
            ]}
          />
        </Card>
      </Flex>
    </>
  );
}
