// One endpoint: what it was told, every attempt, and once more by hand.

import { Button, Card, Flex, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { type RowOf, type Schema, useGet, useSend } from "@/api";
import { AccountLink, ActionButton, Day, DetailPage, EditDrawer, type Filter, ListPage } from "@/parts";
import { useWords } from "@/words";
import { HookFields, type HookForm, HookState } from "./parts";
import { words } from "./words";

type Delivery = RowOf<"/webhooks/{webhook_no}/deliveries">;

function Attempts({ webhookNo, delivery }: { webhookNo: number; delivery: Delivery }) {
  const w = useWords(words);
  const query = {
    event_key: delivery.event_key,
    ...(delivery.account_no ? { account_no: delivery.account_no } : {}),
  };
  const tried = useGet("/webhooks/{webhook_no}/attempts", { path: { webhook_no: webhookNo }, query });
  return (
    <Flex vertical gap={8}>
      <Table<Schema<"Attempt">>
        size="small"
        rowKey="attempt_no"
        pagination={false}
        loading={tried.loading && !tried.data}
        dataSource={tried.data?.attempts ?? []}
        columns={[
          { key: "no", title: w.attempt, dataIndex: "attempt_no" },
          { key: "at", title: w.at, render: (_, row) => <Day value={row.begun_at} /> },
          { key: "status", title: w.status, render: (_, row) => (row.status === 0 ? "–" : row.status) },
          { key: "took", title: w.took, align: "right", dataIndex: "took_ms" },
          { key: "failure", title: w.failure, dataIndex: "failure" },
        ]}
      />
      <Typography.Text type="secondary">{w.payload}</Typography.Text>
      <pre style={{ margin: 0, whiteSpace: "pre-wrap", wordBreak: "break-all" }}>
        {JSON.stringify(delivery.payload, null, 2)}
      </pre>
    </Flex>
  );
}

/** The endpoint. */
export default function Endpoint() {
  const w = useWords(words);
  const { webhookNo = "" } = useParams();
  const no = Number(webhookNo);
  const path = { webhook_no: no };
  const hook = useGet("/webhooks/{webhook_no}", { path });
  const change = useSend("put", "/webhooks/{webhook_no}");
  const ping = useSend("post", "/webhooks/{webhook_no}/ping");
  const replay = useSend("post", "/webhooks/{webhook_no}/replay");
  const [changing, setChanging] = useState(false);
  const shown = hook.data;
  const named = w as unknown as Record<string, string>;
  const filters: Filter[] = [
    {
      key: "state",
      label: w.state,
      kind: "select",
      options: ["waiting", "sent", "given_up"].map((value) => ({ value, label: named[value] ?? value })),
    },
  ];
  return (
    <DetailPage
      title={w.endpoint(webhookNo)}
      back="/webhooks/endpoints"
      loading={hook.loading && !shown}
      problem={hook.problem}
      again={hook.again}
      tags={shown && <HookState state={shown.state} />}
      actions={
        shown && (
          <>
            <ActionButton permission="manage_hooks" run={() => ping.run({ path })}>
              {w.ping}
            </ActionButton>
            <Button type="primary" onClick={() => setChanging(true)}>
              {w.edit}
            </Button>
          </>
        )
      }
      facts={
        shown
          ? [
              [w.url, shown.url],
              [w.events, shown.events.map((word) => <Tag key={word}>{named[word] ?? word}</Tag>)],
              [w.purpose, shown.purpose],
              [w.failures, shown.failures],
              [w.variable, shown.variable],
              [w.madeBy, shown.made_by],
            ]
          : []
      }
    >
      <Card size="small" title={w.deliveries}>
        <ListPage
          path="/webhooks/{webhook_no}/deliveries"
          args={{ path }}
          name="webhook-deliveries"
          filters={filters}
          rowKey={(row) => `${row.account_no}/${row.event_key}`}
          expand={(row) => <Attempts webhookNo={no} delivery={row} />}
          columns={[
            { key: "at", title: w.at, render: (row) => <Day value={row.at} /> },
            { key: "kind", title: w.event, render: (row) => named[row.kind] ?? row.kind },
            { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
            { key: "happened_on", title: w.happenedOn, render: (row) => <Day value={row.happened_on} /> },
            { key: "state", title: w.state, render: (row) => <Tag>{named[row.state] ?? row.state}</Tag> },
            { key: "attempts", title: w.attempts, align: "right" },
            {
              key: "do",
              title: "",
              render: (row) => (
                <ActionButton
                  size="small"
                  permission="manage_hooks"
                  run={() =>
                    replay.run({
                      path,
                      body: { account_no: row.account_no ?? null, event_key: row.event_key },
                    })
                  }
                >
                  {w.replay}
                </ActionButton>
              ),
            },
          ]}
        />
      </Card>
      {shown && (
        <EditDrawer<HookForm>
          open={changing}
          title={`${w.edit}: ${webhookNo}`}
          close={() => setChanging(false)}
          initial={{
            url: shown.url,
            events: shown.events as HookForm["events"],
            purpose: shown.purpose,
            live: shown.state === "live",
          }}
          submit={(body) => change.run({ path, body }, hook.etag)}
        >
          <HookFields />
        </EditDrawer>
      )}
    </DetailPage>
  );
}
