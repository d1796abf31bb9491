// What may be done next with a debtor: each act says what stands against it.

import { Button, Checkbox, Flex, Form, Input, Popover, Select } from "antd";
import { type ReactNode, useState } from "react";
import { type Schema, useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import { DayField, EditDrawer, MoneyField, RuleTag, sumMoney } from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { PlanDrawer } from "./PlanDrawer";
import { words } from "./words";

export type CardData = Schema<"CallCard">;

export interface DrawerProps {
  card: CardData;
  open: boolean;
  close: () => void;
}

type What = "call" | "promise" | "plan" | "waiver" | "hold";

/** The buttons, and the drawer of the one that was pressed. */
export function Acts({ card }: { card: CardData }) {
  const w = useWords(words);
  const [what, setWhat] = useState<What>();
  const may = useMay();
  if (!may("work_ladder")) {
    return null;
  }
  const label: Record<What, string> = {
    call: w.callNow,
    promise: w.promise,
    plan: w.plan,
    waiver: w.waiver,
    hold: w.hold,
  };
  const props = { card, close: () => setWhat(undefined) };
  return (
    <Flex gap={8} wrap>
      {(Object.keys(label) as What[]).map((one) => (
        <Blocked key={one} act={card.acts.find((act) => act.what === one)}>
          <Button type={one === "call" ? "primary" : "default"} onClick={() => setWhat(one)}>
            {label[one]}
          </Button>
        </Blocked>
      ))}
      <CallDrawer {...props} open={what === "call"} />
      <PromiseDrawer {...props} open={what === "promise"} />
      <PlanDrawer {...props} open={what === "plan"} />
      <WaiverDrawer {...props} open={what === "waiver"} />
      <HoldDrawer {...props} open={what === "hold"} />
    </Flex>
  );
}

/** A button with what stands against it; a call of the customer's own may always be noted, so nothing is locked here. */
function Blocked({ act, children }: { act: CardData["acts"][number] | undefined; children: ReactNode }) {
  const say = useSay();
  if (!act || act.allowed) {
    return children;
  }
  return (
    <Popover
      trigger={["hover", "focus"]}
      content={
        <div style={{ maxWidth: 360 }}>
          {act.text && say(act.text)}{" "}
          {act.rules.map((id) => (
            <RuleTag key={id} id={id} />
          ))}
        </div>
      }
    >
      <span style={{ opacity: 0.65 }}>{children}</span>
    </Popover>
  );
}

const billsOf = (card: CardData) =>
  card.owes.debts.map((debt) => ({
    value: debt.bill_no,
    label: `${debt.bill_no} · ${debt.due_on} · ${debt.open}`,
  }));

/** What is open of some bills. */
export function openOf(card: CardData, bills: number[]): string {
  return sumMoney(card.owes.debts.filter((debt) => bills.includes(debt.bill_no)).map((debt) => debt.open));
}

/** A field for bills that are owed. */
export function BillsItem({ card }: { card: CardData }) {
  const w = useWords(words);
  return (
    <Form.Item name="bills" label={w.billNo} rules={[{ required: true }]}>
      <Select mode="multiple" aria-label={w.billNo} options={billsOf(card)} />
    </Form.Item>
  );
}

function CallDrawer({ card, open, close }: DrawerProps) {
  const w = useWords(words);
  const outcomes = useOptions("outcome").filter((one) =>
    ["reached", "answered_by_other", "no_answer"].includes(one.value),
  );
  const send = useSend("post", "/accounts/{account_no}/calls");
  type Values = {
    outcome: "reached" | "answered_by_other" | "no_answer";
    bill_no?: number;
    spoke_with?: string;
    note: string;
    incoming?: boolean;
  };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.callNow}
      initial={{ outcome: "reached", ...(card.owes.debts[0] ? { bill_no: card.owes.debts[0].bill_no } : {}) }}
      submit={(body) => send.run({ path: { account_no: card.account_no }, body })}
    >
      <Form.Item name="outcome" label={w.outcome} rules={[{ required: true }]}>
        <Select aria-label={w.outcome} options={outcomes} />
      </Form.Item>
      <Form.Item name="bill_no" label={w.aboutBill}>
        <Select allowClear aria-label={w.aboutBill} options={billsOf(card)} />
      </Form.Item>
      <Form.Item name="spoke_with" label={w.spokeWith}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="note" label={w.said} rules={[{ required: true, whitespace: true }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
      <Form.Item name="incoming" valuePropName="checked">
        <Checkbox>{w.incoming}</Checkbox>
      </Form.Item>
    </EditDrawer>
  );
}

function PromiseDrawer({ card, open, close }: DrawerProps) {
  const w = useWords(words);
  const send = useSend("post", "/accounts/{account_no}/promises");
  const bills = card.owes.debts.map((debt) => debt.bill_no);
  type Values = { bills: number[]; until: string; amount: string; how: string };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.promise}
      initial={{ bills, amount: openOf(card, bills), how: "phone" }}
      submit={(body) => send.run({ path: { account_no: card.account_no }, body })}
    >
      <BillsItem card={card} />
      <Form.Item name="amount" label={w.amount} rules={[{ required: true }]}>
        <MoneyField />
      </Form.Item>
      <Form.Item name="until" label={w.until} rules={[{ required: true }]}>
        <DayField />
      </Form.Item>
      <HowItem />
    </EditDrawer>
  );
}

/** How something was agreed. */
export function HowItem({ name = "how" }: { name?: string }) {
  const w = useWords(words);
  return (
    <Form.Item name={name} label={w.howAgreed} rules={[{ required: true }]}>
      <Select
        aria-label={w.howAgreed}
        options={[
          { value: "phone", label: w.byPhone },
          { value: "counter", label: w.atCounter },
          { value: "written", label: w.written },
        ]}
      />
    </Form.Item>
  );
}

function WaiverDrawer({ card, open, close }: DrawerProps) {
  const w = useWords(words);
  const say = useSay();
  const name = useNames();
  const path = { account_no: card.account_no };
  const choices = useGet("/accounts/{account_no}/waiver-choices", { path }, { enabled: open });
  const send = useSend("post", "/accounts/{account_no}/approvals");
  type Values = { bill_no: number; amount?: string; code: string; reason: string };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.waiver}
      submitText={w.ask}
      submit={({ bill_no, amount, code, reason }) =>
        send.run({ path, body: { waiver: { bill_no, reason: code, amount: amount ?? null }, reason } })
      }
    >
      <Form.Item name="bill_no" label={w.billNo} rules={[{ required: true }]}>
        <Select
          aria-label={w.billNo}
          options={(choices.data?.fees ?? []).map((fee) => ({
            value: fee.bill_no,
            label: `${fee.bill_no} · ${w.openFee(String(fee.open))}`,
          }))}
        />
      </Form.Item>
      <Form.Item name="amount" label={w.amount}>
        <MoneyField />
      </Form.Item>
      <Form.Item name="code" label={w.waiverReason} rules={[{ required: true }]}>
        <Select
          aria-label={w.waiverReason}
          options={(choices.data?.reasons ?? []).map((reason) => ({
            value: reason.code,
            label: `${say(reason.name)} (${name("approvalLevel", reason.level)})`,
          }))}
        />
      </Form.Item>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, whitespace: true }]}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </EditDrawer>
  );
}

function HoldDrawer({ card, open, close }: DrawerProps) {
  const w = useWords(words);
  const kinds = useOptions("holdKind").filter((one) =>
    ["dispute", "complaint", "suspected_reading", "protection"].includes(one.value),
  );
  const send = useSend("post", "/accounts/{account_no}/holds");
  type Values = {
    kind: "dispute" | "complaint" | "suspected_reading" | "protection";
    bill_no?: number;
    until_on?: string;
    reason: string;
    source: string;
  };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.hold}
      initial={{ kind: "complaint" }}
      submit={(body) => send.run({ path: { account_no: card.account_no }, body })}
    >
      <Form.Item name="kind" label={w.kind} rules={[{ required: true }]}>
        <Select aria-label={w.kind} options={kinds} />
      </Form.Item>
      <Form.Item name="bill_no" label={w.billNo}>
        <Select allowClear aria-label={w.billNo} options={billsOf(card)} placeholder={w.wholeAccount} />
      </Form.Item>
      <Form.Item name="until_on" label={w.until_on}>
        <DayField />
      </Form.Item>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="source" label={w.source} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={60} />
      </Form.Item>
    </EditDrawer>
  );
}
