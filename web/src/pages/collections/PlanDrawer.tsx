// Asking for a plan in parts: tried first, decided by a second person.

import { Alert, Button, Flex, Form, Input } from "antd";
import { useState } from "react";
import { type Schema, useSend } from "@/api";
import { DayField, EditDrawer, MoneyField, ProblemNote } from "@/parts";
import { useNames, useWords } from "@/words";
import { BillsItem, type DrawerProps, HowItem, openOf } from "./Acts";
import { words } from "./words";

interface Values {
  bills: number[];
  parts: { due_on: string; amount: string }[];
  agreed_how: string;
  reason: string;
}

/** The drawer. */
export function PlanDrawer({ card, open, close }: DrawerProps) {
  const w = useWords(words);
  const name = useNames();
  const path = { account_no: card.account_no };
  const preview = useSend("post", "/accounts/{account_no}/plans/preview");
  const send = useSend("post", "/accounts/{account_no}/approvals");
  const [checked, setChecked] = useState<Schema<"PlanChecked">>();
  const bills = card.owes.debts.map((debt) => debt.bill_no);
  const plan = ({ bills, parts, agreed_how }: Values) => ({ bills, parts, agreed_how });
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.plan}
      width={560}
      submitText={w.ask}
      initial={{ bills, agreed_how: "written", parts: [{ due_on: "", amount: openOf(card, bills) }] }}
      submit={(values) => send.run({ path, body: { plan: plan(values), reason: values.reason } })}
    >
      {(form) => (
        <>
          <BillsItem card={card} />
          <Form.List name="parts">
            {(fields, { add, remove }) => (
              <>
                {fields.map((field) => (
                  <Flex key={field.key} gap={8} align="center">
                    <Form.Item
                      name={[field.name, "due_on"]}
                      label={w.partDay}
                      rules={[{ required: true }]}
                      style={{ flex: 1 }}
                    >
                      <DayField />
                    </Form.Item>
                    <Form.Item
                      name={[field.name, "amount"]}
                      label={w.partAmount}
                      rules={[{ required: true }]}
                      style={{ flex: 1 }}
                    >
                      <MoneyField />
                    </Form.Item>
                    <Button type="link" onClick={() => remove(field.name)}>
                      {w.removePart}
                    </Button>
                  </Flex>
                ))}
                <Button type="dashed" block onClick={() => add({})} style={{ marginBottom: 16 }}>
                  {w.addPart}
                </Button>
              </>
            )}
          </Form.List>
          <HowItem name="agreed_how" />
          <Form.Item name="reason" label={w.reason} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={200} />
          </Form.Item>
          <Button
            loading={preview.busy}
            style={{ marginBottom: 16 }}
            onClick={async () => {
              setChecked(undefined);
              const values = form.getFieldsValue();
              setChecked(await preview.run({ path, body: plan(values) }).catch(() => undefined));
            }}
          >
            {w.preview}
          </Button>
          <ProblemNote problem={preview.problem} />
          {checked && (
            <Alert
              type="success"
              showIcon
              style={{ marginBottom: 16 }}
              title={w.needsApproval(name("approvalLevel", checked.approval))}
            />
          )}
        </>
      )}
    </EditDrawer>
  );
}
