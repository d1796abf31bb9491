// Tokens of other systems: each acts as a login, with a part of its rights, until a day.

import { Button, Form, Input, Select, Table, Tag } from "antd";
import { useState } from "react";
import { type Permission, type Schema, useGet, useSend } from "@/api";
import { useMe } from "@/app/session";
import { ActionButton, Day, DayField, EditDrawer, PageHead, ProblemNote } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { Secret } from "./Secret";
import { words } from "./words";

type Token = Schema<"TokenShown">;

/** The tokens. */
export default function Tokens() {
  const w = useWords(words);
  const name = useNames();
  const me = useMe();
  const scopes = useOptions("permission");
  const tokens = useGet("/tokens", {});
  const people = useGet("/people", {});
  const make = useSend("post", "/tokens");
  const end = useSend("delete", "/tokens/{token_no}");
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const state = (token: Token) => {
    if (token.revoked_on) {
      return <Tag>{w.revoked}</Tag>;
    }
    return token.until_on < me.today ? <Tag>{w.ended}</Tag> : <Tag color="green">{w.live}</Tag>;
  };
  return (
    <>
      <PageHead
        title={w.tokens}
        actions={
          <Button type="primary" onClick={() => setMaking(true)}>
            {w.newToken}
          </Button>
        }
      />
      <ProblemNote problem={tokens.problem} />
      <Table<Token>
        size="small"
        rowKey="token_no"
        loading={tokens.loading && !tokens.data}
        dataSource={tokens.data?.tokens ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        columns={[
          { key: "no", title: w.tokenNo, dataIndex: "token_no" },
          { key: "purpose", title: w.purpose, dataIndex: "purpose" },
          { key: "name", title: w.actsAs, dataIndex: "name" },
          {
            key: "scopes",
            title: w.scopes,
            render: (_, token) =>
              token.permissions.map((word) => <Tag key={word}>{name("permission", word)}</Tag>),
          },
          { key: "until", title: w.until, render: (_, token) => <Day value={token.until_on} /> },
          { key: "made", title: w.madeOn, render: (_, token) => <Day value={token.made_on} /> },
          { key: "state", title: w.state, render: (_, token) => state(token) },
          {
            key: "do",
            title: "",
            align: "right",
            render: (_, token) =>
              !token.revoked_on && (
                <ActionButton
                  size="small"
                  danger
                  permission="manage_people"
                  confirm={{ title: w.revoke, content: w.revokeAsk }}
                  run={() => end.run({ path: { token_no: token.token_no } })}
                >
                  {w.revoke}
                </ActionButton>
              ),
          },
        ]}
      />
      <EditDrawer<{ name: string; purpose: string; permissions: Permission[]; until_on: string }>
        open={making}
        title={w.newToken}
        close={() => setMaking(false)}
        done={false}
        submit={async (body) => setSecret((await make.run({ body })).token)}
      >
        <Form.Item name="name" label={w.actsAs} rules={[{ required: true }]}>
          <Select
            showSearch
            options={(people.data?.people ?? []).map((login) => ({
              value: login.name,
              label: `${login.name} ${login.called}`,
            }))}
          />
        </Form.Item>
        <Form.Item name="purpose" label={w.purpose} rules={[{ required: true }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="permissions" label={w.scopes} extra={w.scopesHelp} rules={[{ required: true }]}>
          <Select mode="multiple" options={scopes} />
        </Form.Item>
        <Form.Item name="until_on" label={w.until} rules={[{ required: true }]}>
          <DayField />
        </Form.Item>
      </EditDrawer>
      <Secret title={w.token} note={w.tokenOnce} secret={secret} close={() => setSecret(undefined)} />
    </>
  );
}
