// 账销案存: what was asked for and waits for a second person, and what is off the books and still pursued.

import { Card, Form, Input, Typography } from "antd";
import { useState } from "react";
import { type RowOf, useSend } from "@/api";
import { useMe } from "@/app/session";
import {
  AccountLink,
  ActionButton,
  Day,
  EditDrawer,
  isZero,
  ListPage,
  Money,
  PageHead,
  StateTag,
} from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

type Asked = RowOf<"/write-offs/requests">;

/** The page. */
export default function WriteOffs() {
  const w = useWords(words);
  return (
    <>
      <PageHead title={w.writeOffs} />
      <Card size="small" title={w.requests} style={{ marginBottom: 12 }}>
        <Requests />
      </Card>
      <Card size="small" title={w.writeOffs}>
        <Done />
      </Card>
    </>
  );
}

function Requests() {
  const w = useWords(words);
  const name = useNames();
  const me = useMe();
  const [rejecting, setRejecting] = useState<Asked>();
  const approve = useSend("post", "/accounts/{account_no}/write-offs/requests/{request_no}/approve");
  const reject = useSend("post", "/accounts/{account_no}/write-offs/requests/{request_no}/reject");
  const path = (row: Asked) => ({ account_no: row.account_no, request_no: row.request_no });
  return (
    <>
      <ListPage
        path="/write-offs/requests"
        name="write-offs.requests"
        rowKey={(row) => `${row.account_no}/${row.request_no}`}
        columns={[
          {
            key: "account_no",
            title: w.number,
            render: (row) => <AccountLink no={row.account_no} tab="legal" />,
          },
          { key: "bill_no", title: w.bill, align: "right" },
          { key: "ground", title: w.ground, render: (row) => name("writeOffGround", row.ground) },
          { key: "evidence_no", title: w.evidence, align: "right" },
          {
            key: "state",
            title: w.state,
            render: (row) => <StateTag family="requestState" word={row.state} />,
          },
          {
            key: "asked_by",
            title: w.askedBy,
            sort: "asked_on",
            render: (row) => (
              <>
                {row.asked_by} <Day value={row.asked_on} />
              </>
            ),
          },
          { key: "decided_by", title: w.decidedBy },
          { key: "note", title: w.note },
          {
            key: "act",
            title: w.approve,
            render: (row) =>
              row.state === "open" && (
                <>
                  <ActionButton
                    size="small"
                    primary
                    permission="approve_legal"
                    blocked={row.asked_by === me?.name ? w.askTwice : undefined}
                    confirm
                    run={() => approve.run({ path: path(row), body: {} })}
                  >
                    {w.approve}
                  </ActionButton>{" "}
                  <ActionButton
                    size="small"
                    permission="approve_legal"
                    done={false}
                    run={async () => setRejecting(row)}
                  >
                    {w.reject}
                  </ActionButton>
                </>
              ),
          },
        ]}
      />
      <EditDrawer<{ reason: string }>
        open={rejecting !== undefined}
        title={w.reject}
        close={() => setRejecting(undefined)}
        submit={async (body) => rejecting && (await reject.run({ path: path(rejecting), body }))}
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.why }]}>
          <Input.TextArea rows={3} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}

function Done() {
  const w = useWords(words);
  const name = useNames();
  const recover = useSend("post", "/accounts/{account_no}/write-offs/{write_off_no}/recover");
  return (
    <ListPage
      path="/write-offs"
      name="write-offs"
      rowKey={(row) => `${row.account_no}/${row.write_off_no}`}
      columns={[
        {
          key: "account_no",
          title: w.number,
          render: (row) => <AccountLink no={row.account_no} tab="legal" />,
        },
        { key: "bill_no", title: w.bill, align: "right" },
        {
          key: "amount",
          title: w.claim,
          sort: "amount",
          align: "right",
          render: (row) => <Money value={row.amount} />,
        },
        { key: "late_fee", title: w.fee, align: "right", render: (row) => <Money value={row.late_fee} /> },
        {
          key: "recovered",
          title: w.recovered,
          sort: "recovered",
          align: "right",
          render: (row) => <Money value={row.recovered} />,
        },
        {
          key: "left",
          title: w.leftToGet,
          sort: "left",
          align: "right",
          render: (row) => <Money value={row.left} />,
        },
        { key: "ground", title: w.ground, render: (row) => name("writeOffGround", row.ground) },
        { key: "asked_by", title: w.askedBy },
        {
          key: "approved_by",
          title: w.decidedBy,
          sort: "approved_on",
          render: (row) => (
            <Typography.Text>
              {row.approved_by} <Day value={row.approved_on} />
            </Typography.Text>
          ),
        },
        {
          key: "act",
          title: w.recover,
          render: (row) => (
            <ActionButton
              size="small"
              permission="work_legal"
              blocked={isZero(row.left) ? w.nothingLeft : undefined}
              confirm={{ money: row.left }}
              run={() =>
                recover.run({
                  path: { account_no: row.account_no, write_off_no: row.write_off_no },
                  body: {},
                })
              }
            >
              {w.recover}
            </ActionButton>
          ),
        },
      ]}
    />
  );
}
