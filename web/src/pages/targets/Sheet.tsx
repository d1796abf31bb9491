// One bonus sheet: every line with how it came about; a second person agrees, then it is frozen.

import { Card, Flex, Form, Input } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { useGet, useSend } from "@/api";
import {
  ActionButton,
  Derivation,
  DetailPage,
  EditDrawer,
  Money,
  RuleTag,
  SmallTable,
  StateTag,
} from "@/parts";
import { useWords } from "@/words";
import { RecordTable } from "./record";
import { words } from "./words";

/** The page. */
export default function Sheet() {
  const w = useWords(words);
  const path = { sheet_no: Number(useParams().sheetNo) };
  const asked = useGet("/bonus-sheets/{sheet_no}", { path }, { keep: true });
  const decide = useSend("post", "/bonus-sheets/{sheet_no}/decision");
  const freeze = useSend("post", "/bonus-sheets/{sheet_no}/freeze");
  const [rejecting, setRejecting] = useState(false);
  const sheet = asked.data;
  const blocked = sheet?.state === "draft" ? undefined : w.notDraft;
  return (
    <DetailPage
      back="/targets/bonus"
      title={sheet ? `${w.sheet} ${sheet.sheet_no} ${sheet.period}` : w.sheet}
      tags={sheet && <StateTag family="sheetState" word={sheet.state} />}
      loading={!sheet && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={
        sheet && (
          <>
            <ActionButton
              permission="approve_bonus"
              primary={sheet.state === "draft"}
              blocked={blocked}
              confirm={{ count: sheet.lines.length, money: sheet.total }}
              run={() => decide.run({ path, body: { approve: true } })}
            >
              {w.approve}
            </ActionButton>
            <ActionButton
              permission="approve_bonus"
              blocked={blocked}
              done={false}
              run={async () => setRejecting(true)}
            >
              {w.reject}
            </ActionButton>
            <ActionButton
              permission="approve_bonus"
              primary={sheet.state === "approved"}
              blocked={sheet.state === "approved" ? undefined : w.notApproved}
              confirm={{ count: sheet.lines.length, money: sheet.total }}
              run={() => freeze.run({ path, body: {} })}
            >
              {w.freeze}
            </ActionButton>
          </>
        )
      }
      facts={
        sheet
          ? [
              [w.unit, sheet.unit_name],
              [w.totalFact, <Money key="t" value={sheet.total} unit />],
              [w.rules, <RuleTag key="r" id={sheet.rule} />],
              [w.madeBy, sheet.made_by],
              [w.decidedBySheet, sheet.decided_by],
              [w.frozenBy, sheet.frozen_by],
              [w.reason, sheet.reason],
            ]
          : []
      }
    >
      {sheet && (
        <Card size="small">
          <SmallTable
            rowKey="staff"
            dataSource={sheet.lines}
            expand={(line) => (
              <Flex gap={24} wrap>
                <div style={{ flex: "1 1 320px" }}>
                  <Derivation steps={line.steps} />
                </div>
                <RecordTable record={line.record} />
              </Flex>
            )}
            columns={[
              {
                title: w.person,
                render: (_, line) => (line.name === line.staff ? line.staff : `${line.staff} ${line.name}`),
              },
              { title: w.worth, align: "right", render: (_, line) => <Money value={line.worth} /> },
              { title: w.paid, align: "right", render: (_, line) => <Money value={line.amount} /> },
            ]}
          />
        </Card>
      )}
      <EditDrawer<{ reason: string }>
        open={rejecting}
        close={() => setRejecting(false)}
        title={w.reject}
        submitText={w.reject}
        danger
        submit={({ reason }) => decide.run({ path, body: { approve: false, reason } })}
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.needed }]}>
          <Input.TextArea rows={3} maxLength={500} showCount />
        </Form.Item>
      </EditDrawer>
    </DetailPage>
  );
}
