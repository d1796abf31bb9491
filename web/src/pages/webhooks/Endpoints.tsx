// Endpoints of other systems that are told what happened.

import { Alert, Button, Form, Input, Modal, Tag, Typography } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { Day, EditDrawer, ListPage } from "@/parts";
import { useWords } from "@/words";
import { HookFields, type HookForm, HookState } from "./parts";
import { words } from "./words";

/** The endpoints. */
export default function Endpoints() {
  const w = useWords(words);
  const make = useSend("post", "/webhooks");
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const named: Record<string, string> = w as unknown as Record<string, string>;
  return (
    <>
      <ListPage
        path="/webhooks"
        name="webhooks"
        title={w.endpoints}
        canExport={false}
        actions={
          <Button type="primary" onClick={() => setMaking(true)}>
            {w.add}
          </Button>
        }
        rowKey={(hook) => hook.webhook_no}
        rowPath={(hook) => `/webhooks/endpoints/${hook.webhook_no}`}
        columns={[
          { key: "webhook_no", title: w.no },
          { key: "url", title: w.url },
          {
            key: "events",
            title: w.events,
            render: (hook) => hook.events.map((word) => <Tag key={word}>{named[word] ?? word}</Tag>),
          },
          { key: "purpose", title: w.purpose },
          { key: "state", title: w.state, render: (hook) => <HookState state={hook.state} /> },
          { key: "failures", title: w.failures, align: "right" },
          { key: "made_on", title: w.madeOn, render: (hook) => <Day value={hook.made_on} /> },
        ]}
      />
      <EditDrawer<HookForm & { variable?: string }>
        open={making}
        title={w.add}
        close={() => setMaking(false)}
        initial={{ live: true }}
        submit={async ({ variable, ...hook }) => {
          const made = await make.run({ body: { hook, variable: variable || null } });
          setSecret(made.secret ?? undefined);
        }}
      >
        <HookFields />
        <Form.Item name="variable" label={w.variable} extra={w.variableHelp}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
      </EditDrawer>
      <Modal
        open={secret !== undefined}
        title={w.secret}
        okText={w.close}
        onOk={() => setSecret(undefined)}
        onCancel={() => setSecret(undefined)}
        cancelButtonProps={{ style: { display: "none" } }}
      >
        <Alert type="warning" showIcon title={w.secretOnce} style={{ marginBottom: 16 }} />
        <Typography.Text code copyable={{ text: secret ?? "" }} style={{ wordBreak: "break-all" }}>
          {secret}
        </Typography.Text>
      </Modal>
    </>
  );
}
