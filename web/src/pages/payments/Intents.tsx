// Payment intents: what was asked to be paid by QR code, and what became of it.

import { Button, Flex, Popover } from "antd";
import { useSend } from "@/api";
import { AccountLink, ActionButton, ListPage, Money } from "@/parts";
import { PayCode } from "@/parts/PayCode";
import { useWords } from "@/words";
import { stateWord, words } from "./words";

/** The page. */
export default function Intents() {
  const w = useWords(words);
  const cancel = useSend("post", "/accounts/{account_no}/payment-intents/{intent_no}/cancel");
  const simulate = useSend("post", "/provider/simulate");
  return (
    <ListPage
      path="/payment-intents"
      title={w.titles.intents}
      name="intents"
      rowKey={(row) => `${row.account_no}/${row.intent_no}`}
      columns={[
        {
          key: "account_no",
          title: w.account,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} />,
        },
        { key: "intent_no", title: w.paymentNo, align: "right" },
        {
          key: "amount",
          title: w.amount,
          sort: "amount",
          align: "right",
          render: (row) => <Money value={row.amount} />,
        },
        {
          key: "bills",
          title: w.bills,
          render: (row) => (row.bills.length === 0 ? w.all : row.bills.join(" ")),
        },
        { key: "state", title: w.state, render: (row) => stateWord(w, row.state) },
        { key: "made_by", title: w.madeBy },
        {
          key: "made_at",
          title: w.madeAt,
          sort: "made_at",
          render: (row) => row.made_at.slice(0, 16).replace("T", " "),
        },
        {
          key: "expires_at",
          title: w.expiresAt,
          sort: "expires_at",
          render: (row) => row.expires_at.slice(0, 16).replace("T", " "),
        },
        {
          key: "qr_text",
          title: w.qr,
          render: (row) =>
            row.qr_text && (
              <Popover trigger="click" title={w.qr} content={<PayCode intent={row} />}>
                <Button size="small">{w.showCode}</Button>
              </Popover>
            ),
        },
        {
          key: "deeds",
          title: w.cancel,
          render: (row) =>
            row.state === "open" && (
              <Flex gap={8}>
                <ActionButton
                  size="small"
                  permission="take_payments"
                  run={() =>
                    cancel.run({
                      path: { account_no: row.account_no ?? "", intent_no: row.intent_no },
                      body: {},
                    })
                  }
                >
                  {w.cancel}
                </ActionButton>
                {row.simulated && row.qr_text && (
                  <ActionButton
                    size="small"
                    run={() => simulate.run({ body: { qr_text: row.qr_text ?? "" } })}
                  >
                    {w.simulate}
                  </ActionButton>
                )}
              </Flex>
            ),
        },
      ]}
    />
  );
}
