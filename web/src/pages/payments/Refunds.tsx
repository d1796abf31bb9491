// Refunds: one person asks, a manager decides.

import { Button, Flex, Form, Input, Radio } from "antd";
import { useState } from "react";
import { type RowOf, useSend } from "@/api";
import { useMay } from "@/app/session";
import { AccountLink, ActionButton, Day, EditDrawer, ListPage, Money, MoneyField } from "@/parts";
import { useNames, useWords } from "@/words";
import { stateWord, words } from "./words";

interface Asked {
  account_no: string;
  amount: string;
  channel: "cash" | "transfer";
  reason: string;
}

/** The page. */
export default function Refunds() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const ask = useSend("post", "/accounts/{account_no}/refund-requests");
  const approve = useSend("post", "/accounts/{account_no}/refund-requests/{request_no}/approve");
  const reject = useSend("post", "/accounts/{account_no}/refund-requests/{request_no}/reject");
  const [asking, setAsking] = useState(false);
  const [rejected, setRejected] = useState<RowOf<"/refund-requests">>();
  const pathOf = (row: RowOf<"/refund-requests"> | undefined) => ({
    account_no: row?.account_no ?? "",
    request_no: row?.request_no ?? 0,
  });
  const required = [{ required: true, message: w.needed }];
  return (
    <>
      <ListPage
        path="/refund-requests"
        title={w.titles.refunds}
        actions={
          may("keep_bank") && (
            <Button type="primary" onClick={() => setAsking(true)}>
              {w.ask}
            </Button>
          )
        }
        name="refunds"
        rowKey={(row) => `${row.account_no}/${row.request_no}`}
        columns={[
          { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
          { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
          { key: "channel", title: w.channel, render: (row) => name("paymentChannel", row.channel) },
          { key: "reason", title: w.reason },
          { key: "asked_by", title: w.askedBy },
          { key: "asked_on", title: w.on, render: (row) => <Day value={row.asked_on} /> },
          { key: "state", title: w.state, render: (row) => stateWord(w, row.state) },
          { key: "decided_by", title: w.decidedBy },
          { key: "note", title: w.note, hidden: true },
          {
            key: "deeds",
            title: w.approve,
            render: (row) =>
              row.state === "waiting" && (
                <Flex gap={8}>
                  <ActionButton
                    size="small"
                    permission="approve_refunds"
                    confirm={{ money: row.amount }}
                    run={() => approve.run({ path: pathOf(row), body: {} })}
                  >
                    {w.approve}
                  </ActionButton>
                  {may("approve_refunds") && (
                    <Button size="small" onClick={() => setRejected(row)}>
                      {w.reject}
                    </Button>
                  )}
                </Flex>
              ),
          },
        ]}
      />
      <EditDrawer<Asked>
        open={asking}
        title={w.ask}
        submitText={w.ask}
        initial={{ channel: "transfer" }}
        close={() => setAsking(false)}
        submit={({ account_no, ...body }) => ask.run({ path: { account_no }, body })}
      >
        <Form.Item name="account_no" label={w.account} rules={required}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="amount" label={w.amount} rules={required}>
          <MoneyField />
        </Form.Item>
        <Form.Item name="channel" label={w.channel}>
          <Radio.Group
            options={[
              { value: "transfer", label: w.transfer },
              { value: "cash", label: w.cash },
            ]}
          />
        </Form.Item>
        <Form.Item name="reason" label={w.reason} rules={required}>
          <Input maxLength={200} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<{ reason: string }>
        open={rejected !== undefined}
        title={w.reject}
        submitText={w.reject}
        danger
        close={() => setRejected(undefined)}
        submit={(body) => reject.run({ path: pathOf(rejected), body })}
      >
        <Form.Item name="reason" label={w.reason} rules={required}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
