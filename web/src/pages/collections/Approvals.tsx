// Waivers and plans that somebody asked for: a second person decides.

import { Flex } from "antd";
import { type RowOf, useSend } from "@/api";
import { useMe } from "@/app/session";
import { AccountLink, ActionButton, Day, ListPage, Money, StateTag } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

type Request = RowOf<"/approvals">;

/** The page. */
export default function Approvals() {
  const w = useWords(words);
  const name = useNames();
  const kinds = useOptions("approvalKind");
  const states = useOptions("approvalState");
  return (
    <ListPage
      path="/approvals"
      name="collections.approvals"
      title={w.approvals}
      rowKey={(row) => `${row.account_no}/${row.request_no}`}
      filters={[
        { key: "kind", label: w.kind, kind: "select", options: kinds },
        { key: "state", label: w.state, kind: "select", options: states },
      ]}
      columns={[
        { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
        { key: "customer", title: w.customer },
        { key: "kind", title: w.kind, render: (row) => name("approvalKind", row.kind) },
        { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
        { key: "reason", title: w.reason },
        { key: "asked_by", title: w.askedBy },
        { key: "asked_on", title: w.askedOn, render: (row) => <Day value={row.asked_on} /> },
        {
          key: "state",
          title: w.state,
          render: (row) => <StateTag family="approvalState" word={row.state} />,
        },
        { key: "decided_by", title: w.decidedBy },
        { key: "do", title: "", render: (row) => row.state === "open" && <Decide row={row} /> },
      ]}
    />
  );
}

function Decide({ row }: { row: Request }) {
  const w = useWords(words);
  const me = useMe();
  const approve = useSend("post", "/accounts/{account_no}/approvals/{request_no}/approve");
  const reject = useSend("post", "/accounts/{account_no}/approvals/{request_no}/reject");
  const args = { path: { account_no: row.account_no ?? "", request_no: row.request_no }, body: {} };
  const blocked = me.name === row.asked_by ? w.onePerson : undefined;
  return (
    <Flex gap={8}>
      <ActionButton
        size="small"
        primary
        permission="waive_fees"
        blocked={blocked}
        confirm={{ count: 1, money: row.amount, content: row.reason }}
        run={() => approve.run(args)}
      >
        {w.approve}
      </ActionButton>
      <ActionButton
        size="small"
        danger
        permission="waive_fees"
        blocked={blocked}
        confirm={{ content: row.reason }}
        run={() => reject.run(args)}
      >
        {w.reject}
      </ActionButton>
    </Flex>
  );
}
