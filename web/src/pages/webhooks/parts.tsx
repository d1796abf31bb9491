// The form and the state of an endpoint.

import { Form, Input, Select, Switch, Tag } from "antd";
import type { Schema } from "@/api";
import { useWords } from "@/words";
import { words } from "./words";

const EVENTS = ["bill.released", "payment.posted", "cut.executed", "power.restored"] as const;

/** What the form of an endpoint holds. */
export type HookForm = Schema<"HookBody">;

/** The state of an endpoint. */
export function HookState({ state }: { state: string }) {
  const w = useWords(words);
  if (state === "live") {
    return <Tag color="green">{w.stateLive}</Tag>;
  }
  return state === "broken" ? <Tag color="red">{w.stateBroken}</Tag> : <Tag>{w.stateOff}</Tag>;
}

/** The fields of an endpoint. */
export function HookFields() {
  const w = useWords(words);
  return (
    <>
      <Form.Item name="url" label={w.url} rules={[{ required: true }]}>
        <Input maxLength={500} placeholder="https://" />
      </Form.Item>
      <Form.Item name="events" label={w.events} rules={[{ required: true }]}>
        <Select mode="multiple" options={EVENTS.map((value) => ({ value, label: w[value] }))} />
      </Form.Item>
      <Form.Item name="purpose" label={w.purpose}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="live" label={w.live} valuePropName="checked">
        <Switch />
      </Form.Item>
    </>
  );
}
