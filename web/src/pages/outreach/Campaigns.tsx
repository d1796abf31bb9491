// Campaigns, and the form in which one is made.

import { App, Button, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type Operation, type Schema, useList, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import { Day, EditDrawer, ListPage, NumberField, StateTag, UnitField } from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { words } from "./words";

type Body = WriteArgs<Operation<"/campaigns", "post">>["body"];
type Segment = Schema<"Segment">;

/** The list. */
export default function Campaigns() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [making, setMaking] = useState(false);
  return (
    <>
      <ListPage
        path="/campaigns"
        name="campaigns"
        title={w.campaigns}
        rowKey={(row) => row.campaign_no}
        rowPath={(row) => `/outreach/campaigns/${row.campaign_no}`}
        actions={
          may("run_campaigns") && (
            <Button type="primary" onClick={() => setMaking(true)}>
              {w.make}
            </Button>
          )
        }
        columns={[
          { key: "campaign_no", title: w.no, align: "right" },
          { key: "title", title: w.title },
          {
            key: "state",
            title: w.state,
            sort: "state",
            render: (row) => <StateTag family="campaignState" word={row.state} />,
          },
          { key: "answer", title: w.answer, render: (row) => name("campaignAnswer", row.answer) },
          { key: "made_by", title: w.madeBy },
          { key: "made_on", title: w.madeOn, sort: "made_on", render: (row) => <Day value={row.made_on} /> },
          { key: "decided_on", title: w.decidedOn, render: (row) => <Day value={row.decided_on} /> },
          {
            key: "closes_on",
            title: w.closesOn,
            sort: "closes_on",
            render: (row) => <Day value={row.closes_on} />,
          },
        ]}
      />
      <Make open={making} close={() => setMaking(false)} />
    </>
  );
}

/** What was left empty is not asked for. */
function given(segment: Segment | undefined): Segment {
  const all = Object.entries(segment ?? {});
  return Object.fromEntries(
    all.filter(([, value]) => value !== undefined && value !== null && value !== ""),
  ) as Segment;
}

function Make({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const send = useSend("post", "/campaigns");
  const count = useSend("post", "/campaign-segments");
  const say = useSay();
  const articles = useList("/articles", { query: { state: "published" } }, 200, { enabled: open });
  const [categories, arrears, answers] = [
    useOptions("category"),
    useOptions("arrearsState"),
    useOptions("campaignAnswer"),
  ];
  const submit = async ({ segment, ...body }: Body) => {
    const shown = await send.run({ body: { ...body, segment: given(segment) } });
    navigate(`/outreach/campaigns/${shown.campaign_no}`);
  };
  const needed = { required: true, message: w.needed };
  return (
    <EditDrawer<Body>
      open={open}
      close={close}
      title={w.make}
      submitText={w.make}
      submit={submit}
      width={560}
    >
      {(form) => (
        <>
          <Form.Item name="title" label={w.title} rules={[needed]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="said" label={w.said} extra={w.saidHint} rules={[needed]}>
            <Input.TextArea rows={4} maxLength={300} showCount />
          </Form.Item>
          <Form.Item name="article" label={w.pointsTo}>
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              options={articles.rows.map((row) => ({ value: row.code, label: say(row.title) }))}
            />
          </Form.Item>
          <Form.Item name={["segment", "category"]} label={w.category}>
            <Select options={categories} allowClear />
          </Form.Item>
          <Form.Item name={["segment", "arrears"]} label={w.arrears}>
            <Select options={arrears} allowClear />
          </Form.Item>
          <Form.Item name={["segment", "unit"]} label={w.unit}>
            <UnitField />
          </Form.Item>
          <Form.Item name={["segment", "kwh_from"]} label={w.kwhFrom}>
            <NumberField />
          </Form.Item>
          <Form.Item name={["segment", "kwh_until"]} label={w.kwhUntil}>
            <NumberField />
          </Form.Item>
          <Button
            style={{ marginBottom: 16 }}
            onClick={async () => {
              const segment = given(form.getFieldValue("segment") as Segment | undefined);
              const { accounts } = await count.run({ body: { segment } });
              message.info(w.counted(accounts));
            }}
          >
            {w.count}
          </Button>
          <Form.Item name="answer" label={w.answer} rules={[needed]} initialValue="payment">
            <Select options={answers} />
          </Form.Item>
          <Form.Item name="respond_days" label={w.days} rules={[needed]} initialValue={14}>
            <InputNumber min={1} max={90} precision={0} />
          </Form.Item>
          <Form.Item name="held_out_percent" label={w.heldOut} extra={w.heldOutHint} initialValue={10}>
            <InputNumber min={0} max={50} precision={0} />
          </Form.Item>
          <Form.Item name="seed" label={w.seed} initialValue={1}>
            <InputNumber min={0} max={1_000_000_000} precision={0} />
          </Form.Item>
        </>
      )}
    </EditDrawer>
  );
}
