// Findings of one's unit, and the form in which one is noted.

import { Button, Form, Input, Select, Typography } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type Operation, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import { AccountLink, Day, EditDrawer, type Filter, ListPage, StateTag, UnitField } from "@/parts";
import { useNames, useOptions, useSay, useSubject, useWords } from "@/words";
import { words } from "./words";

type Body = WriteArgs<Operation<"/findings", "post">>["body"];

/** The list. */
export default function Findings() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const about = useSubject();
  const may = useMay();
  const [noting, setNoting] = useState(false);
  const yes = [{ value: "true", label: w.yes }];
  const filters: Filter[] = [
    { key: "state", label: w.state, kind: "select", options: useOptions("findingState"), width: 130 },
    { key: "subject", label: w.check, kind: "select", options: useOptions("check"), width: 200 },
    { key: "severity", label: w.severity, kind: "select", options: useOptions("severity"), width: 110 },
    { key: "source", label: w.source, kind: "select", options: useOptions("findingSource"), width: 120 },
    { key: "open", label: w.onlyOpen, kind: "select", options: yes, width: 110 },
    { key: "late", label: w.late, kind: "select", options: yes, width: 100 },
    { key: "mine", label: w.mine, kind: "select", options: yes, width: 150 },
  ];
  return (
    <>
      <ListPage
        path="/findings"
        name="findings"
        title={w.findings}
        filters={filters}
        rowKey={(row) => row.finding_no}
        rowPath={(row) => `/supervision/findings/${row.finding_no}`}
        actions={
          may("keep_supervision") && (
            <Button type="primary" onClick={() => setNoting(true)}>
              {w.note}
            </Button>
          )
        }
        columns={[
          { key: "finding_no", title: w.no, align: "right" },
          {
            key: "severity",
            title: w.severity,
            sort: "severity",
            render: (row) => <StateTag family="severity" word={row.severity} />,
          },
          {
            key: "state",
            title: w.state,
            sort: "state",
            render: (row) => <StateTag family="findingState" word={row.state} />,
          },
          { key: "said", title: w.said, render: (row) => <div className="dh-said">{say(row.said)}</div> },
          { key: "person", title: w.person },
          { key: "unit", title: w.unit },
          { key: "owner", title: w.owner },
          {
            key: "due_on",
            title: w.dueOn,
            sort: "due_on",
            render: (row) =>
              row.is_late ? (
                <Typography.Text type="danger">
                  {row.due_on} {w.late}
                </Typography.Text>
              ) : (
                <Day value={row.due_on} />
              ),
          },
          { key: "level", title: w.level, sort: "level", align: "right" },
          {
            key: "found_on",
            title: w.foundOn,
            sort: "found_on",
            render: (row) => <Day value={row.found_on} />,
          },
          { key: "source", title: w.source, render: (row) => name("findingSource", row.source) },
          { key: "phase", title: w.phase, hidden: true, render: (row) => name("phase", row.phase) },
          {
            key: "account_no",
            title: w.account,
            hidden: true,
            render: (row) => <AccountLink no={row.account_no} />,
          },
          { key: "about", title: w.about, hidden: true, render: (row) => about(row.about) },
        ]}
      />
      <Note open={noting} close={() => setNoting(false)} />
    </>
  );
}

function Note({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const navigate = useNavigate();
  const send = useSend("post", "/findings");
  const severities = useOptions("severity");
  const submit = async (values: Body) => {
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")) as Body;
    const shown = await send.run({ body: given });
    navigate(`/supervision/findings/${shown.finding_no}`);
  };
  return (
    <EditDrawer<Body> open={open} close={close} title={w.note} submit={submit} submitText={w.note}>
      <Form.Item name="said" label={w.said} rules={[{ required: true, message: w.needed }]}>
        <Input.TextArea rows={4} maxLength={2000} showCount />
      </Form.Item>
      <Form.Item name="severity" label={w.severity} initialValue="ordinary">
        <Select options={severities} />
      </Form.Item>
      <Form.Item name="person" label={w.person} extra={w.staffHint}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="unit" label={w.unit}>
        <UnitField />
      </Form.Item>
      <Form.Item name="account_no" label={w.account}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="about" label={w.about} extra={w.aboutHint}>
        <Input maxLength={200} />
      </Form.Item>
    </EditDrawer>
  );
}
