// Proposed changes of the site's rules, and the two ways to propose one.

import { Button, Card, Flex, Form, Input, Switch, Tag } from "antd";
import { useState } from "react";
import { asProblem, type Schema, useSend } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { useMay } from "@/app/session";
import { Day, EditDrawer, FileDrop, ListPage, PageHead, ProblemNote } from "@/parts";
import { useWords } from "@/words";
import { Check } from "./parts";
import { words } from "./words";

/** The state of a proposal. */
export function ProposalState({ state }: { state: string }) {
  const w = useWords(words);
  if (state === "open") {
    return <Tag color="blue">{w.open}</Tag>;
  }
  return state === "accepted" ? <Tag color="green">{w.accepted}</Tag> : <Tag color="red">{w.rejected}</Tag>;
}

interface FileForm {
  path: string;
  body: string;
  reason: string;
}

function ProposeFile({ close }: { close: () => void }) {
  const w = useWords(words);
  const check = useSend("post", "/rule-files/check");
  const propose = useSend("post", "/rule-proposals");
  const [told, setTold] = useState<Schema<"FileCheck">>();
  const [problem, setProblem] = useState<ApiProblem>();
  return (
    <EditDrawer<FileForm>
      open
      width={720}
      title={w.propose}
      close={close}
      submitText={w.propose}
      submit={(body) => propose.run({ body })}
    >
      {(form) => (
        <>
          <Form.Item name="path" label={w.path} extra={w.pathHelp} rules={[{ required: true }]}>
            <Input maxLength={128} />
          </Form.Item>
          <Form.Item name="body" label={w.body} rules={[{ required: true }]}>
            <Input.TextArea rows={16} style={{ fontFamily: "monospace" }} spellCheck={false} />
          </Form.Item>
          <Form.Item name="reason" label={w.reason} rules={[{ required: true }]}>
            <Input maxLength={500} />
          </Form.Item>
          <Flex vertical gap={8} style={{ marginBottom: 16 }}>
            <Button
              loading={check.busy}
              onClick={async () => {
                setTold(undefined);
                setProblem(undefined);
                const { path = "", body = "" } = form.getFieldsValue();
                try {
                  setTold(await check.run({ body: { path, body } }));
                } catch (thrown) {
                  setProblem(asProblem(thrown));
                }
              }}
            >
              {w.check}
            </Button>
            {told && <Check check={told} />}
            <ProblemNote problem={problem} />
          </Flex>
        </>
      )}
    </EditDrawer>
  );
}

function ProposePrices({ close }: { close: () => void }) {
  const w = useWords(words);
  const propose = useSend("post", "/rule-proposals/prices");
  return (
    <EditDrawer<{ file: File; reason: string; gaps?: boolean }>
      open
      title={w.proposePrices}
      close={close}
      submit={({ file, reason, gaps }) =>
        propose.run({ query: { file_name: file.name, reason, accept_gaps: gaps ?? false }, file })
      }
    >
      <Form.Item name="file" label={w.priceFile} rules={[{ required: true }]}>
        <FileDrop accept=".csv,.json,.toml" largest={8} />
      </Form.Item>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true }]}>
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="gaps" label={w.gaps} valuePropName="checked">
        <Switch />
      </Form.Item>
    </EditDrawer>
  );
}

/** The list. */
export default function Proposals() {
  const w = useWords(words);
  const may = useMay();
  const [open, setOpen] = useState<"file" | "prices">();
  return (
    <>
      <PageHead
        title={w.proposals}
        actions={
          may("edit_rules") && (
            <>
              <Button onClick={() => setOpen("prices")}>{w.proposePrices}</Button>
              <Button type="primary" onClick={() => setOpen("file")}>
                {w.propose}
              </Button>
            </>
          )
        }
      />
      <Flex vertical gap={16}>
        <Card size="small">
          <ListPage
            path="/rule-proposals"
            name="rule-proposals"
            rowKey={(row) => row.proposal_no}
            rowPath={(row) => `/rulebook/proposals/${row.proposal_no}`}
            columns={[
              { key: "proposal_no", title: w.no },
              { key: "path", title: w.path },
              { key: "reason", title: w.reason },
              { key: "state", title: w.state, render: (row) => <ProposalState state={row.state} /> },
              { key: "proposed_by", title: w.proposedBy },
              { key: "proposed_on", title: w.proposedOn, render: (row) => <Day value={row.proposed_on} /> },
              { key: "decided_by", title: w.decidedBy },
              { key: "decided_on", title: w.decidedOn, render: (row) => <Day value={row.decided_on} /> },
            ]}
          />
        </Card>
        <Card size="small" title={w.files}>
          <ListPage
            path="/rule-files"
            name="rule-files"
            rowKey={(row) => `${row.place}/${row.path}`}
            columns={[
              { key: "path", title: w.path },
              { key: "place", title: w.place },
              { key: "rules", title: w.count, align: "right" },
            ]}
          />
        </Card>
      </Flex>
      {open === "file" && <ProposeFile close={() => setOpen(undefined)} />}
      {open === "prices" && <ProposePrices close={() => setOpen(undefined)} />}
    </>
  );
}
