// What an account paid, and what each payment was used for.

import { Tag } from "antd";
import { Day, ListPage, Money } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Payments({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <ListPage
      path="/accounts/{account_no}/payments"
      args={{ path: { account_no: accountNo } }}
      name="account.payments"
      rowKey={(payment) => payment.payment_no}
      columns={[
        { key: "payment_no", title: w.payNo, align: "right" },
        { key: "paid_on", title: w.paidOn, render: (payment) => <Day value={payment.paid_on} /> },
        {
          key: "amount",
          title: w.amount,
          align: "right",
          render: (payment) => <Money value={payment.amount} />,
        },
        { key: "channel", title: w.channel, render: (payment) => name("paymentChannel", payment.channel) },
        {
          key: "parts",
          title: w.usedFor,
          render: (payment) =>
            payment.parts.map((part) => (
              <div key={`${part.bill_no}/${part.kind}/${part.effective_on}`}>
                {name("paymentPart", part.kind)} {part.bill_no > 0 && `${w.billNo(part.bill_no)} `}
                <Money value={part.amount} />
              </div>
            )),
        },
        {
          key: "unused",
          title: w.unused,
          align: "right",
          render: (payment) => <Money value={payment.unused} />,
        },
        { key: "receipt_no", title: w.receipt },
        {
          key: "state",
          title: w.state,
          render: (payment) =>
            payment.reversed_on ? (
              <Tag color="red">{w.takenBack(payment.reversed_on)}</Tag>
            ) : payment.reverses_no ? (
              <Tag>{w.takesBack(payment.reverses_no)}</Tag>
            ) : null,
        },
        { key: "received_by", title: w.receivedBy, hidden: true },
        {
          key: "posted_on",
          title: w.postedOn,
          hidden: true,
          render: (payment) => <Day value={payment.posted_on} />,
        },
        { key: "external_id", title: w.externalId, hidden: true },
      ]}
    />
  );
}
