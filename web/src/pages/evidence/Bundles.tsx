// 证据包: a case exported as files that prove themselves, and the check of a bundle that somebody brings.

import { Alert, Button, Card, Col, Form, Input, Row, Switch, Table, Typography } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { ApiProblem, asProblem, type Schema, useSend } from "@/api";
import { request } from "@/api/client";
import { Facts, FileDrop, PageHead, ProblemNote } from "@/parts";
import { useLanguage, useSay, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Bundles() {
  const w = useWords(words);
  return (
    <>
      <PageHead title={w.bundles} note={w.look} />
      <Row gutter={[12, 12]}>
        <Col xs={24} xl={12}>
          <Card size="small" title={w.export}>
            <Export />
          </Card>
        </Col>
        <Col xs={24} xl={12}>
          <Card size="small" title={w.check}>
            <Check />
          </Card>
        </Col>
      </Row>
    </>
  );
}

interface ExportValues {
  account: string;
  case?: string;
  no_pdf?: boolean;
}

function Export() {
  const w = useWords(words);
  const { language } = useLanguage();
  const [search] = useSearchParams();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [digest, setDigest] = useState<string>();
  const finish = async (values: ExportValues) => {
    setBusy(true);
    setProblem(undefined);
    setDigest(undefined);
    try {
      const got = await request<Blob>("get", "/accounts/{account_no}/evidence/bundle", {
        path: { account_no: values.account.trim() },
        query: { case: values.case?.trim(), language, no_pdf: values.no_pdf ?? false },
        as: "blob",
      });
      const url = URL.createObjectURL(got.data);
      const link = document.createElement("a");
      link.href = url;
      link.download = got.name ?? "bundle.zip";
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      setDigest(got.response.headers.get("bundle-digest") ?? "");
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<ExportValues>
      layout="vertical"
      onFinish={finish}
      initialValues={{ account: search.get("account") ?? "", case: search.get("case") ?? "" }}
    >
      <Form.Item name="account" label={w.number} rules={[{ required: true }]}>
        <Input />
      </Form.Item>
      <Form.Item name="case" label={w.case} extra={w.caseHint}>
        <Input />
      </Form.Item>
      <Form.Item name="no_pdf" label={w.noPdf} valuePropName="checked">
        <Switch />
      </Form.Item>
      <ProblemNote problem={problem} />
      {digest !== undefined && (
        <Alert
          type="success"
          showIcon
          style={{ marginBottom: 12 }}
          title={w.exported}
          description={
            <Typography.Text code copyable data-testid="digest" style={{ overflowWrap: "anywhere" }}>
              {digest}
            </Typography.Text>
          }
        />
      )}
      <Button type="primary" htmlType="submit" loading={busy}>
        {w.doExport}
      </Button>
    </Form>
  );
}

interface CheckValues {
  file: File;
  digest?: string;
  anchor?: string;
}

function Check() {
  const w = useWords(words);
  const check = useSend("post", "/evidence/check");
  const [found, setFound] = useState<Schema<"BundleChecked">>();
  const finish = async ({ file, digest, anchor }: CheckValues) => {
    setFound(undefined);
    try {
      setFound(
        await check.run({
          query: { ...(digest ? { digest } : {}), ...(anchor ? { anchor } : {}) },
          file: new Blob([file], { type: "application/zip" }),
        }),
      );
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) {
        throw thrown;
      }
    }
  };
  return (
    <Form<CheckValues> layout="vertical" onFinish={finish}>
      <Form.Item name="file" label={w.file} rules={[{ required: true, message: w.needFile }]}>
        <FileDrop accept=".zip" />
      </Form.Item>
      <Form.Item name="digest" label={w.digest} extra={w.digestHint}>
        <Input />
      </Form.Item>
      <Form.Item name="anchor" label={w.anchor}>
        <Input />
      </Form.Item>
      <ProblemNote problem={check.problem} />
      <Button type="primary" htmlType="submit" loading={check.busy}>
        {w.doCheck}
      </Button>
      {found && <Result found={found} />}
    </Form>
  );
}

function Result({ found }: { found: Schema<"BundleChecked"> }) {
  const w = useWords(words);
  const say = useSay();
  return (
    <div style={{ marginTop: 12 }} data-testid="checked" data-ok={found.ok}>
      <Alert showIcon type={found.ok ? "success" : "error"} title={found.ok ? w.good : w.bad} />
      <Facts
        columns={2}
        facts={[
          [w.number, found.account_no],
          [w.case, found.case],
          [w.asOf, found.as_of],
          [w.product, found.product],
          [w.files, found.files],
          [w.proofs, found.proofs],
          [
            w.digest,
            found.digest && (
              <code key="d" style={{ overflowWrap: "anywhere" }}>
                {found.digest}
              </code>
            ),
          ],
        ]}
      />
      {found.flaws.length > 0 && (
        <Table
          size="small"
          pagination={false}
          rowKey={(flaw) => `${flaw.file}/${flaw.what.en}`}
          dataSource={found.flaws}
          columns={[
            { title: w.flawFile, dataIndex: "file" },
            { title: w.flawWhat, render: (_, flaw) => say(flaw.what) },
          ]}
        />
      )}
    </div>
  );
}
