// What the customer was told, and every attempt to reach him.

import { Day, ListPage, Money, SmallTable, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Notices({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <ListPage
      path="/accounts/{account_no}/notices"
      args={{ path: { account_no: accountNo } }}
      name="account.notices"
      rowKey={(notice) => notice.notice_no}
      expand={(notice) => (
        <SmallTable
          rowKey="delivery_no"
          dataSource={notice.deliveries}
          columns={[
            { title: w.channel, render: (_, delivery) => name("noticeChannel", delivery.channel) },
            { title: w.to, dataIndex: "address" },
            {
              title: w.state,
              render: (_, delivery) => <StateTag family="deliveryState" word={delivery.state} />,
            },
            { title: w.attempts, dataIndex: "attempts", align: "right" },
            { title: w.sentAt, render: (_, delivery) => <Day value={delivery.sent_at} /> },
            { title: w.endedAt, render: (_, delivery) => <Day value={delivery.ended_at} /> },
            { title: w.detail, dataIndex: "detail" },
          ]}
        />
      )}
      columns={[
        { key: "code", title: w.noticeNo },
        { key: "kind", title: w.kind, render: (notice) => name("noticeKind", notice.kind) },
        { key: "decided_on", title: w.on, render: (notice) => <Day value={notice.decided_on} /> },
        {
          key: "amount",
          title: w.amount,
          align: "right",
          render: (notice) => <Money value={notice.amount} />,
        },
        {
          key: "state",
          title: w.state,
          render: (notice) => <StateTag family="noticeState" word={notice.state} />,
        },
        { key: "served_at", title: w.servedAt, render: (notice) => <Day value={notice.served_at} /> },
        { key: "due_by", title: w.dueBy, render: (notice) => <Day value={notice.due_by} /> },
        {
          key: "deadline_on",
          title: w.deadline,
          hidden: true,
          render: (notice) => <Day value={notice.deadline_on} />,
        },
        {
          key: "fee",
          title: w.fee,
          hidden: true,
          align: "right",
          render: (notice) => <Money value={notice.fee} />,
        },
      ]}
    />
  );
}
