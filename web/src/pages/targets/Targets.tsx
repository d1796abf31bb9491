// Targets of one's unit, and the form in which one is shared out.

import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type Schema, useSend } from "@/api";
import { useMay } from "@/app/session";
import { EditDrawer, ListPage, Money, MoneyField, StateTag, UnitField } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

interface Plan {
  period: string;
  unit: string;
  amount: string;
  method: Schema<"Method">;
  weights?: string[];
}

/** The page. */
export default function Targets() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [planning, setPlanning] = useState(false);
  return (
    <>
      <ListPage
        path="/targets"
        name="targets"
        title={w.targets}
        rowKey={(target) => target.target_no}
        rowPath={(target) => `/targets/targets/${target.target_no}`}
        actions={
          may("set_targets") && (
            <Button type="primary" onClick={() => setPlanning(true)}>
              {w.plan}
            </Button>
          )
        }
        columns={[
          { key: "period", title: w.period },
          { key: "unit_name", title: w.unit },
          {
            key: "amount",
            title: w.amount,
            sort: "amount",
            align: "right",
            render: (target) => <Money value={target.amount} />,
          },
          { key: "method", title: w.method, render: (target) => name("targetMethod", target.method) },
          {
            key: "state",
            title: w.state,
            render: (target) => <StateTag family="targetState" word={target.state} />,
          },
          { key: "made_by", title: w.madeBy },
          { key: "confirmed_by", title: w.confirmedBy },
          { key: "closed_on", title: w.closedOn, sort: "closed_on" },
          { key: "made_on", title: w.madeOn, sort: "made_on", hidden: true },
        ]}
      />
      <PlanForm open={planning} close={() => setPlanning(false)} />
    </>
  );
}

function PlanForm({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const navigate = useNavigate();
  const send = useSend("post", "/targets");
  const methods = useOptions("targetMethod");
  const needed = { required: true, message: w.needed };
  const submit = async ({ weights, ...body }: Plan) => {
    const given = (weights ?? []).map((text) => text.split("=").map((part) => part.trim()));
    const made = await send.run({
      body: { ...body, weights: Object.fromEntries(given.map(([key, weight]) => [key, Number(weight)])) },
    });
    navigate(`/targets/targets/${made.no}`);
  };
  return (
    <EditDrawer<Plan>
      open={open}
      close={close}
      title={w.plan}
      submit={submit}
      submitText={w.plan}
      initial={{ method: "expected" }}
    >
      <Form.Item name="period" label={w.period} extra={w.periodHint} rules={[needed]}>
        <Input maxLength={7} />
      </Form.Item>
      <Form.Item name="unit" label={w.unit} rules={[needed]}>
        <UnitField />
      </Form.Item>
      <Form.Item name="amount" label={w.amountYuan} rules={[needed]}>
        <MoneyField />
      </Form.Item>
      <Form.Item name="method" label={w.method} rules={[needed]}>
        <Select options={methods} />
      </Form.Item>
      <Form.Item
        name="weights"
        label={w.weights}
        extra={w.weightsHint}
        rules={[
          {
            validator: (_, texts: string[] | undefined) =>
              (texts ?? []).every((text) => /^[^=]+=\s*\d+$/.test(text))
                ? Promise.resolve()
                : Promise.reject(new Error(w.badWeight)),
          },
        ]}
      >
        <Select mode="tags" open={false} suffixIcon={null} />
      </Form.Item>
    </EditDrawer>
  );
}
