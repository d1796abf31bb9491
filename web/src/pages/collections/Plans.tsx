// Plans and promises of one's unit, and what became of them.

import { Button, Form, Input } from "antd";
import { useState } from "react";
import { type RowOf, useSend } from "@/api";
import { useMay } from "@/app/session";
import { AccountLink, Day, DaysLeft, EditDrawer, ListPage, Money, StateTag } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Plans() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const kinds = useOptions("planKind");
  const states = useOptions("planState");
  const [ending, setEnding] = useState<RowOf<"/plans">>();
  const cancel = useSend("post", "/accounts/{account_no}/plans/{plan_no}/cancel");
  return (
    <>
      <ListPage
        path="/plans"
        name="collections.plans"
        title={w.plansTitle}
        rowKey={(row) => `${row.account_no}/${row.plan_no}`}
        rowPath={(row) => `/collections/card/${row.account_no}`}
        filters={[
          { key: "kind", label: w.kind, kind: "select", options: kinds },
          { key: "state", label: w.state, kind: "select", options: states },
        ]}
        columns={[
          { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
          { key: "customer", title: w.customer },
          { key: "kind", title: w.kind, render: (row) => name("planKind", row.kind) },
          { key: "bills", title: w.billNo },
          { key: "agreed_on", title: w.agreedOn, render: (row) => <Day value={row.agreed_on} /> },
          { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
          { key: "state", title: w.state, render: (row) => <StateTag family="planState" word={row.state} /> },
          { key: "next_on", title: w.nextPart, render: (row) => <Day value={row.next_on} /> },
          { key: "days_left", title: w.left, render: (row) => <DaysLeft days={row.days_left} /> },
          { key: "agreed_by", title: w.by },
          { key: "approved_by", title: w.approvedBy },
          { key: "ended_on", title: w.endedOn, hidden: true, render: (row) => <Day value={row.ended_on} /> },
          {
            key: "do",
            title: "",
            render: (row) =>
              row.state === "running" &&
              may("work_ladder") && (
                <Button size="small" onClick={() => setEnding(row)}>
                  {w.cancelPlan}
                </Button>
              ),
          },
        ]}
      />
      <EditDrawer<{ reason: string }>
        open={ending !== undefined}
        title={w.cancelPlan}
        close={() => setEnding(undefined)}
        submit={(body) =>
          cancel.run({
            path: { account_no: ending?.account_no ?? "", plan_no: ending?.plan_no ?? 0 },
            body,
          })
        }
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={200} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
