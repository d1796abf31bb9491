// The counter: account, debts with why each late fee is what it is, amount, receipt. Enter leads from field to field.

import { Alert, Button, Card, Flex, Form, Input, type InputRef, Modal, Radio, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { asProblem, download, type Schema, useGet, useSend } from "@/api";
import type { ApiProblem } from "@/api/problem";
import {
  AccountLink,
  ActionButton,
  Day,
  Derivation,
  EditDrawer,
  Facts,
  ListPage,
  Money,
  MoneyField,
  PageHead,
  ProblemNote,
  SmallTable,
  until,
} from "@/parts";
import { PayCode } from "@/parts/PayCode";
import { useNames, useWords } from "@/words";
import { words } from "./words";

const channels = ["cash", "pos", "transfer", "online"] as const;
type Channel = (typeof channels)[number];

/** The page. */
export default function Counter() {
  const w = useWords(words);
  const [typed, setTyped] = useState("");
  const [account, setAccount] = useState<string>();
  return (
    <>
      <PageHead title={w.titles.counter} />
      <Flex vertical gap={12}>
        <Card size="small">
          <Form layout="inline" onFinish={() => setAccount(typed.trim() || undefined)}>
            <Form.Item label={w.account} htmlFor="counter-account">
              <Input
                id="counter-account"
                autoFocus
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </Form.Item>
            <Button type="primary" htmlType="submit">
              {w.find}
            </Button>
          </Form>
        </Card>
        {!account && <Typography.Text type="secondary">{w.counterHint}</Typography.Text>}
        {account && <Desk key={account} account={account} />}
      </Flex>
    </>
  );
}

function Desk({ account }: { account: string }) {
  const w = useWords(words);
  const args = { path: { account_no: account } };
  const debts = useGet("/accounts/{account_no}/debts", { ...args, query: {} });
  const who = useGet("/accounts/{account_no}", { ...args, query: {} }).data?.account;
  const told = debts.data;
  if (!told) {
    return <ProblemNote problem={debts.problem} again={debts.again} />;
  }
  return (
    <>
      <Card
        size="small"
        title={
          <>
            <AccountLink no={account} /> {who && `${who.customer} · ${who.address}`}
          </>
        }
      >
        <Facts
          facts={[
            [w.owes, <Money key="1" value={told.to_pay} unit />],
            [w.prepaid, <Money key="2" value={told.prepaid} unit />],
          ]}
        />
        <SmallTable
          empty={w.nothingOwed}
          rowKey="bill_no"
          dataSource={told.debts}
          expand={(debt) => <Derivation steps={debt.steps} />}
          columns={[
            { title: w.bill, dataIndex: "bill_no", align: "right" },
            { title: w.due, render: (_, debt) => <Day value={debt.due_on} /> },
            { title: w.principal, align: "right", render: (_, debt) => <Money value={debt.open} /> },
            { title: w.fee, align: "right", render: (_, debt) => <Money value={debt.fee} /> },
          ]}
        />
      </Card>
      <Till account={account} owed={String(told.to_pay)} />
      <History account={account} />
    </>
  );
}

function Till({ account, owed }: { account: string; owed: string }) {
  const w = useWords(words);
  const name = useNames();
  const pay = useSend("post", "/accounts/{account_no}/payments");
  const ask = useSend("post", "/accounts/{account_no}/payment-intents");
  const [amount, setAmount] = useState<string | undefined>(Number.parseFloat(owed) > 0 ? owed : undefined);
  const [channel, setChannel] = useState<Channel>("cash");
  const [posted, setPosted] = useState<Schema<"Posted">>();
  const [intent, setIntent] = useState<Schema<"IntentShown">>();
  const [problem, setProblem] = useState<ApiProblem>();
  const print = useRef<InputRef & HTMLButtonElement>(null);
  const attempt = async (deed: () => Promise<void>) => {
    setProblem(undefined);
    try {
      await deed();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  const path = { account_no: account };
  const take = () =>
    attempt(async () => {
      if (amount) {
        setPosted(await pay.run({ path, body: { amount, channel } }));
        // Enter pressed once more must not take it twice.
        setAmount(undefined);
        print.current?.focus();
      }
    });
  const make = () => attempt(async () => setIntent(await ask.run({ path, body: amount ? { amount } : {} })));
  const receipt = posted?.receipt;
  return (
    <Card size="small">
      <Form layout="inline" onFinish={take}>
        <Form.Item label={w.amount} htmlFor="counter-amount">
          <MoneyField id="counter-amount" value={amount} onChange={setAmount} autoFocus />
        </Form.Item>
        <Form.Item label={w.channel}>
          <Radio.Group
            value={channel}
            onChange={(event) => setChannel(event.target.value as Channel)}
            options={channels.map((value) => ({ value, label: name("paymentChannel", value) }))}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={pay.busy} disabled={!amount}>
          {w.take}
        </Button>
        <Button onClick={make} loading={ask.busy}>
          {w.intent}
        </Button>
      </Form>
      <ProblemNote problem={problem} />
      {receipt && (
        <Alert
          style={{ marginTop: 12 }}
          type="success"
          role="status"
          title={posted?.state === "already_there" ? w.known : `${w.receiptNo} ${receipt.receipt_no}`}
          description={
            <Facts
              facts={[
                [w.principal, <Money key="1" value={receipt.energy} unit />],
                [w.fee, <Money key="2" value={receipt.late_fee} unit />],
                [w.prepaid, <Money key="3" value={receipt.prepayment} unit />],
                [w.stillOwed, <Money key="4" value={receipt.still_owed} unit />],
              ]}
            />
          }
          action={
            <Button ref={print} onClick={() => attempt(() => paper(account, receipt.receipt_no))}>
              {w.receipt}
            </Button>
          }
        />
      )}
      {intent && <Intent account={account} intent={intent} close={() => setIntent(undefined)} />}
    </Card>
  );
}

/** The code that the customer scans; it tells by itself when the money has come. */
function Intent({
  account,
  intent,
  close,
}: {
  account: string;
  intent: Schema<"IntentShown">;
  close: () => void;
}) {
  const w = useWords(words);
  const path = { account_no: account, intent_no: intent.intent_no };
  const asked = useGet(
    "/accounts/{account_no}/payment-intents/{intent_no}",
    { path },
    { every: until((one) => one.state !== "open", 2_000) },
  );
  const again = useGet("/accounts/{account_no}/debts", { path: { account_no: account }, query: {} }).again;
  const told = asked.data ?? intent;
  const cancel = useSend("post", "/accounts/{account_no}/payment-intents/{intent_no}/cancel");
  const simulate = useSend("post", "/provider/simulate");
  useEffect(() => {
    if (told.state === "paid") {
      again();
    }
  }, [told.state, again]);
  return (
    <Modal
      open
      title={`${w.titles.intents} ${intent.intent_no}`}
      footer={null}
      onCancel={close}
      destroyOnHidden
    >
      <PayCode
        intent={told}
        actions={
          told.state === "open" ? (
            <>
              <ActionButton run={() => cancel.run({ path, body: {} })}>{w.cancel}</ActionButton>
              {told.simulated && told.qr_text && (
                <ActionButton run={() => simulate.run({ body: { qr_text: told.qr_text ?? "" } })}>
                  {w.simulate}
                </ActionButton>
              )}
            </>
          ) : (
            <Button type="primary" onClick={close}>
              {w.finish}
            </Button>
          )
        }
      />
    </Modal>
  );
}

/** The receipt of a payment; what follows the dash of its number is the payment. */
function paper(account: string, receiptNo: string): Promise<void> {
  const paymentNo = receiptNo.split("-").pop() ?? "";
  const path = { account_no: account, payment_no: paymentNo };
  return download(
    "/accounts/{account_no}/payments/{payment_no}/receipt",
    { path, query: {} },
    `receipt-${receiptNo}.pdf`,
  );
}

function History({ account }: { account: string }) {
  const w = useWords(words);
  const name = useNames();
  const reverse = useSend("post", "/accounts/{account_no}/payments/{payment_no}/reverse");
  const [taking, setTaking] = useState<number>();
  return (
    <Card size="small" title={w.payments}>
      <ListPage
        path="/accounts/{account_no}/payments"
        args={{ path: { account_no: account } }}
        name="counter.payments"
        rowKey={(row) => row.payment_no}
        columns={[
          { key: "payment_no", title: w.paymentNo, align: "right" },
          { key: "paid_on", title: w.paidOn, render: (row) => <Day value={row.paid_on} /> },
          { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
          { key: "channel", title: w.channel, render: (row) => name("paymentChannel", row.channel) },
          { key: "received_by", title: w.cashier },
          {
            key: "deeds",
            title: w.state,
            render: (row) =>
              row.reversed_on ? (
                w.reversed
              ) : row.receipt_no && !row.reverses_no ? (
                <Flex gap={8}>
                  <Button size="small" onClick={() => paper(account, row.receipt_no ?? "")}>
                    {w.receipt}
                  </Button>
                  <Button size="small" danger onClick={() => setTaking(row.payment_no)}>
                    {w.reverse}
                  </Button>
                </Flex>
              ) : null,
          },
        ]}
      />
      <EditDrawer<{ reason: string }>
        open={taking !== undefined}
        title={w.reverse}
        submitText={w.reverse}
        danger
        close={() => setTaking(undefined)}
        submit={({ reason }) =>
          reverse.run({ path: { account_no: account, payment_no: taking ?? 0 }, body: { reason } })
        }
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.needed }]}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
      </EditDrawer>
    </Card>
  );
}
