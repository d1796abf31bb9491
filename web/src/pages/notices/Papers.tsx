// What waits to be printed or handed over, the runs, and the receipts that come back.

import { Button, Card, Flex, Form, Input, Table } from "antd";
import { useState } from "react";
import { download, useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import { ActionButton, Day, EditDrawer, FileDrop, ListPage, PageHead, ProblemNote } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Papers() {
  const w = useWords(words);
  const may = useMay();
  const [returning, setReturning] = useState(false);
  return (
    <>
      <PageHead
        title={w.papers}
        actions={may("serve_notices") && <Button onClick={() => setReturning(true)}>{w.returns}</Button>}
      />
      <Flex vertical gap={16}>
        <Waiting />
        <Card size="small" title={w.runs}>
          <Runs />
        </Card>
      </Flex>
      <Returns open={returning} close={() => setReturning(false)} />
    </>
  );
}

function Waiting() {
  const w = useWords(words);
  const name = useNames();
  const asked = useGet("/papers-waiting", {});
  const make = useSend("post", "/paper-runs");
  const [handing, setHanding] = useState(false);
  const rows = asked.data?.waiting ?? [];
  const channels = [...new Set(rows.map((row) => row.channel))];
  const count = (channel: string) =>
    rows.filter((row) => row.channel === channel).reduce((sum, row) => sum + row.papers, 0);
  return (
    <Card
      size="small"
      title={w.waiting}
      extra={
        <Flex gap={8} wrap>
          {channels.map((channel) =>
            channel === "paper_delegated" ? (
              <Button key={channel} size="small" onClick={() => setHanding(true)}>
                {w.handOver}
              </Button>
            ) : (
              <ActionButton
                key={channel}
                size="small"
                permission="serve_notices"
                confirm={{ title: name("noticeChannel", channel), count: count(channel) }}
                run={() => make.run({ body: { channel } })}
              >
                {`${w.print}: ${name("noticeChannel", channel)}`}
              </ActionButton>
            ),
          )}
        </Flex>
      }
    >
      <ProblemNote problem={asked.problem} again={asked.again} />
      <Table
        size="small"
        pagination={false}
        rowKey={(row) => `${row.channel}/${row.kind}`}
        dataSource={rows}
        locale={{ emptyText: w.nothingWaits }}
        columns={[
          { title: w.channel, render: (_, row) => name("noticeChannel", row.channel) },
          { title: w.kind, render: (_, row) => name("noticeKind", row.kind) },
          { title: w.papersCount, align: "right", dataIndex: "papers" },
          { title: w.earliest, render: (_, row) => <Day value={row.due_by} /> },
        ]}
      />
      <EditDrawer<{ agent: string }>
        open={handing}
        title={w.handOver}
        close={() => setHanding(false)}
        submit={({ agent }) => make.run({ body: { channel: "paper_delegated", agent } })}
      >
        <Form.Item name="agent" label={w.agent} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={60} />
        </Form.Item>
      </EditDrawer>
    </Card>
  );
}

function Runs() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const arrived = useSend("post", "/paper-runs/{run_id}/arrived");
  return (
    <ListPage
      path="/paper-runs"
      name="notices.runs"
      rowKey={(row) => row.run_id}
      columns={[
        { key: "run_id", title: w.run },
        { key: "channel", title: w.channel, render: (row) => name("noticeChannel", row.channel) },
        { key: "agent", title: w.agent },
        { key: "papers", title: w.papersCount, align: "right" },
        { key: "made_on", title: w.madeOn, render: (row) => <Day value={row.made_on} /> },
        { key: "made_by", title: w.madeBy },
        {
          key: "do",
          title: "",
          render: (row) => (
            <Flex gap={8}>
              {row.channel === "paper_delegated" && may("see_personal") && (
                <Button
                  size="small"
                  onClick={() =>
                    download(
                      "/paper-runs/{run_id}/hand-over",
                      { path: { run_id: row.run_id } },
                      `${row.run_id}.csv`,
                    )
                  }
                >
                  {w.file}
                </Button>
              )}
              {row.channel === "paper_own" && (
                <ActionButton
                  size="small"
                  permission="serve_notices"
                  confirm={{ count: row.papers }}
                  run={() => arrived.run({ path: { run_id: row.run_id }, body: {} })}
                >
                  {w.arrived}
                </ActionButton>
              )}
            </Flex>
          ),
        },
      ]}
    />
  );
}

function Returns({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const send = useSend("post", "/paper-returns");
  return (
    <EditDrawer<{ file: File }>
      open={open}
      close={close}
      title={w.returns}
      submit={({ file }) => send.run({ query: { file_name: file.name }, file })}
    >
      <Form.Item name="file" label={w.returns} rules={[{ required: true }]}>
        <FileDrop accept=".csv,.xlsx" hint={w.returnsHint} />
      </Form.Item>
    </EditDrawer>
  );
}
