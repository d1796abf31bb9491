// 发行审批: what waits, why, and the second person's word.

import { App, Button, Card, Flex, Form, Input, Statistic, Tag } from "antd";
import { useState } from "react";
import { type RowOf, useGet, useSend } from "@/api";
import { useMe } from "@/app/session";
import {
  AccountLink,
  ActionButton,
  Day,
  EditDrawer,
  ListPage,
  Money,
  PageHead,
  ProblemNote,
  SmallTable,
  StateTag,
  sumMoney,
} from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

type Row = RowOf<"/waiting-bills">;
type Deed = { deed: "approve" | "reject"; rows: Row[] };

/** The page. */
export default function Waiting() {
  const w = useWords(words);
  const name = useNames();
  const me = useMe();
  const states = useOptions("waitingState");
  const [doing, setDoing] = useState<Deed>();
  const blocked = (row: Row) => {
    if (row.state !== "ready" && row.state !== "held") {
      return w.notWaiting;
    }
    return row.prepared_by === me?.name ? w.own : undefined;
  };
  return (
    <>
      <PageHead title={w.waiting} note={w.hint} />
      <Totals />
      <ListPage
        path="/waiting-bills"
        args={{}}
        name="billing.waiting"
        filters={[
          { key: "state", label: w.state, kind: "select", options: states },
          { key: "code", label: w.finding, kind: "text" },
        ]}
        rowKey={(row) => `${row.account_no}/${row.bill_no}`}
        bulk={(rows, clear) => (
          <Button
            type="primary"
            onClick={() => {
              setDoing({ deed: "approve", rows });
              clear();
            }}
          >
            {w.approveMany(rows.length)}
          </Button>
        )}
        columns={[
          {
            key: "account_no",
            title: w.account,
            sort: "account_no",
            render: (row) => <AccountLink no={row.account_no} />,
          },
          { key: "bill_no", title: w.bill, align: "right" },
          { key: "month", title: w.month, sort: "month" },
          { key: "kind", title: w.kind, render: (row) => name("billKind", row.kind) },
          {
            key: "state",
            title: w.state,
            sort: "state",
            render: (row) => <StateTag family="waitingState" word={row.state} />,
          },
          {
            key: "codes",
            title: w.finding,
            render: (row) => (
              <Flex gap={4} wrap className="dh-said">
                {row.codes.map((code) => (
                  <Tag key={code}>{name("finding", code)}</Tag>
                ))}
              </Flex>
            ),
          },
          {
            key: "amount",
            title: w.amount,
            sort: "amount",
            align: "right",
            render: (row) => <Money value={row.amount} />,
          },
          { key: "prepared_by", title: w.preparedBy },
          { key: "decided_by", title: w.decidedBy, hidden: true },
          {
            key: "calculated_on",
            title: w.calculatedOn,
            sort: "calculated_on",
            hidden: true,
            render: (row) => <Day value={row.calculated_on} />,
          },
          {
            key: "deed",
            title: w.approve,
            render: (row) => (
              <Flex gap={8}>
                <ActionButton
                  size="small"
                  blocked={blocked(row)}
                  done={false}
                  run={async () => setDoing({ deed: "approve", rows: [row] })}
                >
                  {w.approve}
                </ActionButton>
                <ActionButton
                  size="small"
                  danger
                  blocked={row.state === "rejected" ? w.notWaiting : undefined}
                  done={false}
                  run={async () => setDoing({ deed: "reject", rows: [row] })}
                >
                  {w.reject}
                </ActionButton>
              </Flex>
            ),
          },
        ]}
      />
      <DeedForm doing={doing} close={() => setDoing(undefined)} />
    </>
  );
}

function Totals() {
  const w = useWords(words);
  const name = useNames();
  const asked = useGet("/waiting-bills/totals", {}, { keep: true });
  const totals = asked.data;
  return (
    <Card size="small" title={w.totals} style={{ marginBottom: 12 }}>
      <ProblemNote problem={asked.problem} again={asked.again} />
      {totals && (
        <Flex gap={24} wrap align="start">
          <Statistic title={w.count} value={totals.count} />
          <Statistic title={w.total} valueRender={() => <Money value={totals.amount} unit />} value="" />
          <div style={{ flex: 1, minWidth: 320 }}>
            <SmallTable
              rowKey={(line) => `${line.state}/${line.code}`}
              dataSource={totals.by_code}
              columns={[
                { title: w.state, render: (_, line) => <StateTag family="waitingState" word={line.state} /> },
                { title: w.finding, render: (_, line) => (line.code ? name("finding", line.code) : w.none) },
                { title: w.count, align: "right", render: (_, line) => line.count },
                { title: w.amount, align: "right", render: (_, line) => <Money value={line.amount} /> },
              ]}
            />
          </div>
        </Flex>
      )}
    </Card>
  );
}

function DeedForm({ doing, close }: { doing: Deed | undefined; close: () => void }) {
  const w = useWords(words);
  const { message } = App.useApp();
  const approve = useSend("post", "/waiting-bills/approvals");
  const reject = useSend("post", "/accounts/{account_no}/bills/{bill_no}/reject");
  const rows = doing?.rows ?? [];
  const amount = sumMoney(rows.map((row) => row.amount));
  const submit = async ({ reason }: { reason: string }) => {
    if (doing?.deed === "reject") {
      for (const { account_no, bill_no } of rows) {
        await reject.run({ path: { account_no, bill_no }, body: { reason } });
      }
      return;
    }
    const bills = rows.map(({ account_no, bill_no }) => ({ account_no, bill_no }));
    const done = await approve.run({ body: { bills, amount, reason } });
    message.success(w.approved(done.approved));
    if (done.refused.length > 0) {
      message.warning(w.refused(done.refused.length));
    }
  };
  const title = doing?.deed === "reject" ? w.reject : w.approve;
  return (
    <EditDrawer<{ reason: string }>
      open={doing !== undefined}
      close={close}
      title={title}
      submit={submit}
      submitText={title}
      danger={doing?.deed === "reject"}
      done={false}
    >
      <Flex gap={24} style={{ marginBottom: 12 }}>
        <Statistic title={w.count} value={rows.length} />
        <Statistic title={w.total} valueRender={() => <Money value={amount} unit />} value="" />
      </Flex>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.needed }]}>
        <Input.TextArea rows={3} maxLength={400} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
