// 担保与破产 of a customer.

import { Card, Col, Form, Input, Row, Select, Table } from "antd";
import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api";
import { ActionButton, Day, DayField, DaysLeft, EditDrawer, Money, MoneyField, ProblemNote } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

interface SecurityValues {
  kind: Schema<"SecurityKind">;
  giver: string;
  giver_kind: Schema<"CustomerKind">;
  amount: string;
  from_on?: string;
  agreed_until?: string;
}

interface InsolvencyValues {
  accepted_on: string;
  claims_until?: string;
  court: string;
  administrator?: string;
}

/** Both, side by side. */
export function Securities({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const path = { account_no: accountNo };
  const [open, setOpen] = useState<"security" | "insolvency">();
  const asked = useGet("/accounts/{account_no}/legal/securities", { path }, { keep: true });
  const release = useSend("post", "/accounts/{account_no}/legal/securities/{security_no}/release");
  const end = useSend("post", "/accounts/{account_no}/legal/insolvencies/end");
  const told = asked.data;
  return (
    <Row gutter={[12, 12]}>
      <Col xs={24} xl={12}>
        <Card
          size="small"
          title={w.securities}
          extra={
            <ActionButton
              size="small"
              permission="work_legal"
              done={false}
              run={async () => setOpen("security")}
            >
              {w.addSecurity}
            </ActionButton>
          }
        >
          <ProblemNote problem={asked.problem} again={asked.again} />
          <Table
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            rowKey="security_no"
            dataSource={told?.securities ?? []}
            locale={{ emptyText: w.none }}
            columns={[
              { title: w.kind, render: (_, row) => name("securityKind", row.kind) },
              { title: w.giver, dataIndex: "giver" },
              { title: w.amount, align: "right", render: (_, row) => <Money value={row.amount} /> },
              { title: w.until, render: (_, row) => <Day value={row.until_on} /> },
              { title: w.left, render: (_, row) => <DaysLeft days={row.days_left} /> },
              {
                title: w.release,
                render: (_, row) =>
                  row.released_on ? (
                    <>
                      {w.released} <Day value={row.released_on} />
                    </>
                  ) : (
                    <ActionButton
                      size="small"
                      permission="approve_legal"
                      confirm={{ money: row.amount }}
                      run={() => release.run({ path: { ...path, security_no: row.security_no }, body: {} })}
                    >
                      {w.release}
                    </ActionButton>
                  ),
              },
            ]}
          />
        </Card>
      </Col>
      <Col xs={24} xl={12}>
        <Card
          size="small"
          title={w.insolvencies}
          extra={
            <ActionButton
              size="small"
              permission="work_legal"
              done={false}
              run={async () => setOpen("insolvency")}
            >
              {w.addInsolvency}
            </ActionButton>
          }
        >
          <Table
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            rowKey="insolvency_no"
            dataSource={told?.insolvencies ?? []}
            locale={{ emptyText: w.none }}
            columns={[
              { title: w.court, dataIndex: "court" },
              { title: w.accepted, render: (_, row) => <Day value={row.accepted_on} /> },
              { title: w.claimsUntil, render: (_, row) => <Day value={row.claims_until} /> },
              { title: w.left, render: (_, row) => <DaysLeft days={row.days_left} /> },
              { title: w.administrator, dataIndex: "administrator" },
              {
                title: w.endInsolvency,
                render: (_, row) =>
                  row.ended_on ? (
                    <Day value={row.ended_on} />
                  ) : (
                    <ActionButton
                      size="small"
                      permission="approve_legal"
                      confirm
                      run={() => end.run({ path, body: {} })}
                    >
                      {w.endInsolvency}
                    </ActionButton>
                  ),
              },
            ]}
          />
        </Card>
      </Col>
      <Drawers open={open} close={() => setOpen(undefined)} accountNo={accountNo} />
    </Row>
  );
}

function Drawers(props: {
  open: "security" | "insolvency" | undefined;
  close: () => void;
  accountNo: string;
}) {
  const { open, close, accountNo } = props;
  const w = useWords(words);
  const path = { account_no: accountNo };
  const add = useSend("post", "/accounts/{account_no}/legal/securities");
  const note = useSend("post", "/accounts/{account_no}/legal/insolvencies");
  return (
    <>
      <EditDrawer<SecurityValues>
        open={open === "security"}
        title={w.addSecurity}
        close={close}
        submit={(body) => add.run({ path, body })}
        initial={{ giver_kind: "person" }}
      >
        <Form.Item name="kind" label={w.kind} rules={[{ required: true }]}>
          <Select options={useOptions("securityKind")} />
        </Form.Item>
        <Form.Item name="giver" label={w.giver} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="giver_kind" label={w.giverKind} rules={[{ required: true }]}>
          <Select options={useOptions("customerKind")} />
        </Form.Item>
        <Form.Item name="amount" label={w.amount} rules={[{ required: true }]}>
          <MoneyField />
        </Form.Item>
        <Form.Item name="from_on" label={w.from}>
          <DayField />
        </Form.Item>
        <Form.Item name="agreed_until" label={w.agreed}>
          <DayField />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<InsolvencyValues>
        open={open === "insolvency"}
        title={w.addInsolvency}
        close={close}
        submit={(body) => note.run({ path, body })}
      >
        <Form.Item name="accepted_on" label={w.accepted} rules={[{ required: true }]}>
          <DayField />
        </Form.Item>
        <Form.Item name="claims_until" label={w.claimsUntil}>
          <DayField />
        </Form.Item>
        <Form.Item name="court" label={w.court} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="administrator" label={w.administrator}>
          <Input />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
