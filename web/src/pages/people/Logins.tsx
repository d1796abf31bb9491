// Logins with their roles: made, changed, shut, and given a new first password.

import { Button, Flex, Form, Input, Switch, Table, Tag } from "antd";
import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api";
import { ActionButton, EditDrawer, PageHead, ProblemNote, useUnitNames } from "@/parts";
import { useNames, useWords } from "@/words";
import { Secret } from "./Secret";
import { words } from "./words";

type Login = Schema<"LoginShown">;

function States({ login }: { login: Login }) {
  const w = useWords(words);
  return (
    <Flex gap={4} wrap>
      {login.disabled_on ? <Tag>{w.shut}</Tag> : <Tag color="green">{w.open}</Tag>}
      {login.locked && <Tag color="red">{w.locked}</Tag>}
      {login.must_change && <Tag color="orange">{w.mustChange}</Tag>}
      {login.roles.length === 0 && <Tag>{w.left}</Tag>}
    </Flex>
  );
}

function Change({ name, close }: { name: string; close: () => void }) {
  const w = useWords(words);
  const login = useGet("/people/{name}", { path: { name } });
  const change = useSend("put", "/people/{name}");
  const shown = login.data;
  return (
    <EditDrawer<{ administrator: boolean; disabled: boolean }>
      open={shown !== undefined}
      title={`${w.edit}: ${name}`}
      close={close}
      initial={{
        administrator: shown?.roles.includes("administrator") ?? false,
        disabled: Boolean(shown?.disabled_on),
      }}
      submit={(body) => change.run({ path: { name }, body }, login.etag)}
    >
      <Form.Item name="administrator" label={w.administrator} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="disabled" label={w.disabled} valuePropName="checked">
        <Switch />
      </Form.Item>
    </EditDrawer>
  );
}

/** The order of a field; logins without it come first. */
function by(field: "name" | "called" | "org" | "made_by") {
  return (a: Login, b: Login) => (a[field] ?? "").localeCompare(b[field] ?? "", "zh");
}

/** The logins. */
export default function Logins() {
  const w = useWords(words);
  const name = useNames();
  const unit = useUnitNames();
  const logins = useGet("/people", {});
  const add = useSend("post", "/people");
  const reset = useSend("post", "/people/{name}/reset");
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<string>();
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <PageHead
        title={w.logins}
        actions={
          <Button type="primary" onClick={() => setAdding(true)}>
            {w.add}
          </Button>
        }
      />
      <ProblemNote problem={logins.problem} />
      <Table<Login>
        size="small"
        rowKey="name"
        loading={logins.loading && !logins.data}
        dataSource={logins.data?.people ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        columns={[
          { key: "name", title: w.name, dataIndex: "name", sorter: by("name") },
          { key: "called", title: w.called, dataIndex: "called", sorter: by("called") },
          {
            key: "roles",
            title: w.roles,
            render: (_, login) => login.roles.map((role) => <Tag key={role}>{name("role", role)}</Tag>),
          },
          { key: "org", title: w.org, sorter: by("org"), render: (_, login) => unit(login.org) },
          { key: "state", title: w.state, render: (_, login) => <States login={login} /> },
          { key: "made_by", title: w.madeBy, dataIndex: "made_by", sorter: by("made_by") },
          {
            key: "do",
            title: "",
            align: "right",
            render: (_, login) => (
              <Flex gap={8} justify="end">
                <Button size="small" onClick={() => setChanging(login.name)}>
                  {w.edit}
                </Button>
                <ActionButton
                  size="small"
                  permission="manage_people"
                  confirm={{ title: `${w.reset}: ${login.name}`, content: w.resetAsk }}
                  done={false}
                  run={async () => setSecret((await reset.run({ path: { name: login.name } })).password)}
                >
                  {w.reset}
                </ActionButton>
              </Flex>
            ),
          },
        ]}
      />
      <EditDrawer<{ name: string; administrator: boolean }>
        open={adding}
        title={w.add}
        close={() => setAdding(false)}
        initial={{ administrator: false }}
        done={false}
        submit={async (body) => setSecret((await add.run({ body })).password)}
      >
        <Form.Item name="name" label={w.name} extra={w.nameHelp} rules={[{ required: true }]}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
        <Form.Item name="administrator" label={w.administrator} valuePropName="checked">
          <Switch />
        </Form.Item>
      </EditDrawer>
      {changing && <Change key={changing} name={changing} close={() => setChanging(undefined)} />}
      <Secret title={w.password} note={w.passwordOnce} secret={secret} close={() => setSecret(undefined)} />
    </>
  );
}
