// One notice: what it tells, how it left, and what a person did about it.

import { Button, Card, Flex, Form, Input, Modal, Select, Table } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import {
  AccountLink,
  ActionButton,
  Day,
  DetailPage,
  EditDrawer,
  FileDrop,
  Money,
  ProblemNote,
  StateTag,
} from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { ServeDrawer } from "./ServeDrawer";
import { words } from "./words";

/** The page. */
export default function One() {
  const w = useWords(words);
  const name = useNames();
  const { accountNo = "", noticeNo = "" } = useParams();
  const path = { account_no: accountNo, notice_no: Number(noticeNo) };
  const asked = useGet("/accounts/{account_no}/notices/{notice_no}", { path, query: {} });
  const notice = asked.data;
  return (
    <DetailPage
      back
      title={notice ? `${name("noticeKind", notice.kind)} ${notice.code}` : w.notice}
      tags={notice && <StateTag family="noticeState" word={notice.state} />}
      loading={!notice && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={notice && <Deeds path={path} state={notice.state} />}
      {...(notice
        ? {
            facts: [
              [w.account, <AccountLink key="a" no={accountNo} tab="notices" />],
              [w.decidedOn, <Day key="d" value={notice.decided_on} />],
              [w.dueBy, <Day key="b" value={notice.due_by} />],
              [w.deadline, notice.deadline_on && <Day key="p" value={notice.deadline_on} />],
              [w.amount, <Money key="m" value={notice.amount} unit />],
              [w.fee, <Money key="f" value={notice.fee} unit />],
              [w.servedAt, notice.served_at && <Day key="s" value={notice.served_at} />],
              [w.channel, notice.served_how && name("noticeChannel", notice.served_how)],
              [
                w.proof,
                notice.evidence_no && (
                  <Link key="e" to={`/accounts/${accountNo}/evidence`}>
                    {notice.evidence_no}
                  </Link>
                ),
              ],
              [w.reason, notice.ended_why],
            ],
          }
        : {})}
    >
      {notice && (
        <Card size="small" title={w.deliveries}>
          <Table
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            rowKey="delivery_no"
            dataSource={notice.deliveries}
            columns={[
              { title: w.channel, render: (_, one) => name("noticeChannel", one.channel) },
              { title: w.to, dataIndex: "address" },
              { title: w.state, render: (_, one) => <StateTag family="deliveryState" word={one.state} /> },
              { title: w.attempts, dataIndex: "attempts", align: "right" },
              { title: w.sentAt, render: (_, one) => <Day value={one.sent_at} /> },
              { title: w.endedAt, render: (_, one) => <Day value={one.ended_at} /> },
              { title: w.detail, dataIndex: "detail" },
            ]}
          />
        </Card>
      )}
    </DetailPage>
  );
}

type NoticePath = { account_no: string; notice_no: number };

function Deeds({ path, state }: { path: NoticePath; state: string }) {
  const w = useWords(words);
  const may = useMay();
  const [open, setOpen] = useState<"serve" | "refuse" | "withdraw" | "words">();
  const repeat = useSend("post", "/accounts/{account_no}/notices/{notice_no}/repeat");
  const carry = useSend("post", "/accounts/{account_no}/notices/{notice_no}/carry");
  const withdraw = useSend("post", "/accounts/{account_no}/notices/{notice_no}/withdraw");
  const close = () => setOpen(undefined);
  const works = may("serve_notices") && state !== "withdrawn";
  return (
    <>
      {may("see_personal") && <Button onClick={() => setOpen("words")}>{w.showWords}</Button>}
      {works && (
        <Button type="primary" onClick={() => setOpen("serve")}>
          {w.serve}
        </Button>
      )}
      {works && state !== "served" && (
        <>
          <Button onClick={() => setOpen("refuse")}>{w.refuse}</Button>
          <ActionButton permission="serve_notices" run={() => carry.run({ path, body: {} })}>
            {w.carry}
          </ActionButton>
          {state === "failed" && (
            <ActionButton permission="serve_notices" run={() => repeat.run({ path, body: {} })}>
              {w.repeat}
            </ActionButton>
          )}
          <Button danger onClick={() => setOpen("withdraw")}>
            {w.withdraw}
          </Button>
        </>
      )}
      <ServeDrawer path={path} open={open === "serve"} close={close} />
      <RefuseDrawer path={path} open={open === "refuse"} close={close} />
      <EditDrawer<{ why: string }>
        open={open === "withdraw"}
        title={w.withdraw}
        close={close}
        danger
        submit={(body) => withdraw.run({ path, body })}
      >
        <Form.Item name="why" label={w.why} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={200} />
        </Form.Item>
      </EditDrawer>
      {open === "words" && <Words path={path} close={close} />}
    </>
  );
}

function Words({ path, close }: { path: NoticePath; close: () => void }) {
  const w = useWords(words);
  const asked = useGet("/accounts/{account_no}/notices/{notice_no}/text", {
    path,
    query: { channel: "sms" },
  });
  return (
    <Modal open title={w.words} footer={null} onCancel={close}>
      <ProblemNote problem={asked.problem} />
      <p>
        <strong>{asked.data?.subject}</strong>
      </p>
      <p style={{ whiteSpace: "pre-wrap" }}>{asked.data?.text}</p>
    </Modal>
  );
}

function RefuseDrawer({ path, open, close }: { path: NoticePath; open: boolean; close: () => void }) {
  const w = useWords(words);
  const roles = useOptions("signerRole");
  const send = useSend("post", "/accounts/{account_no}/notices/{notice_no}/refuse");
  type Role = "self" | "adult_relative" | "other";
  type Values = {
    signer?: string;
    signer_role?: Role;
    place?: string;
    witness?: string;
    note: string;
    photo?: File;
  };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.refuse}
      submit={({ photo, ...query }) =>
        send.run({ path, query: { ...query, ...(photo ? { file_name: photo.name } : {}) }, file: photo })
      }
    >
      <Form.Item name="signer" label={w.refuser}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="signer_role" label={w.signerRole}>
        <Select allowClear aria-label={w.signerRole} options={roles} />
      </Form.Item>
      <Form.Item name="place" label={w.place}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="witness" label={w.witness}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="note" label={w.note} rules={[{ required: true, whitespace: true }]}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
      <Flex vertical>
        <Form.Item name="photo" label={w.photo}>
          <FileDrop accept="image/*,.pdf" hint={w.photoHint} />
        </Form.Item>
      </Flex>
    </EditDrawer>
  );
}
