// One appraisal: score with its derivation, how hard the portfolio is, what was said, and what a manager decides.

import { Card, Col, Flex, Form, Input, Row, Timeline, Typography } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { type Schema, useGet, useSend } from "@/api";
import { useMay, useMe } from "@/app/session";
import { ActionButton, Derivation, DetailPage, EditDrawer, Facts, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { quotient, RecordTable } from "./record";
import { words } from "./words";

type Shown = Schema<"AppraisalShown">;

/** The page. */
export default function Appraisal() {
  const w = useWords(words);
  const name = useNames();
  const me = useMe();
  const may = useMay();
  const params = useParams();
  const path = { month: params.month ?? "", staff: params.staff ?? "" };
  const asked = useGet("/appraisals/{month}/{staff}", { path }, { keep: true });
  const remark = useSend("post", "/appraisals/{month}/{staff}/remarks");
  const decide = useSend("post", "/appraisals/{month}/{staff}/decision");
  const [saying, setSaying] = useState<"comment" | "dispute" | "decide">();
  const row = asked.data;
  const isOwn = me?.name === path.staff;
  const over = row?.state === "decided" ? w.isDecided : undefined;
  return (
    <DetailPage
      back="/targets/appraisals"
      title={row ? `${row.month} ${row.staff}` : w.appraisals}
      tags={row && <StateTag family="appraisalState" word={row.state} />}
      loading={!row && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={
        row && (
          <>
            {isOwn && (
              <>
                <ActionButton blocked={over} done={false} run={async () => setSaying("comment")}>
                  {w.comment}
                </ActionButton>
                <ActionButton blocked={over} done={false} run={async () => setSaying("dispute")}>
                  {w.dispute}
                </ActionButton>
              </>
            )}
            {may("decide_appraisals") && !isOwn && (
              <ActionButton
                permission="decide_appraisals"
                primary
                blocked={over}
                done={false}
                run={async () => setSaying("decide")}
              >
                {w.decide}
              </ActionButton>
            )}
          </>
        )
      }
      facts={
        row
          ? [
              [w.score, <b key="s">{row.score}</b>],
              [w.decided, row.decided],
              [w.role, name("role", row.role)],
              [w.unit, row.unit_name],
              [w.disputeUntil, row.dispute_until],
              [w.decidedBy, row.decided_by],
            ]
          : []
      }
    >
      {row && (
        <Row gutter={[16, 16]}>
          <Col xs={24} xl={14}>
            <Flex vertical gap={16}>
              <Card size="small" title={w.derivation}>
                <Derivation steps={row.steps} />
              </Card>
              <Difficulty row={row} />
            </Flex>
          </Col>
          <Col xs={24} xl={10}>
            <Flex vertical gap={16}>
              <Card size="small" title={w.record}>
                <RecordTable record={row.record} />
              </Card>
              <SaidCard row={row} />
            </Flex>
          </Col>
        </Row>
      )}
      <EditDrawer<{ said: string }>
        open={saying === "comment" || saying === "dispute"}
        close={() => setSaying(undefined)}
        title={saying === "dispute" ? w.dispute : w.comment}
        submitText={saying === "dispute" ? w.dispute : w.comment}
        submit={({ said }) => remark.run({ path, body: { dispute: saying === "dispute", said } })}
      >
        <Form.Item name="said" label={w.words} rules={[{ required: true, message: w.needed }]}>
          <Input.TextArea rows={5} maxLength={2000} showCount />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<{ score?: string; reason?: string }>
        open={saying === "decide"}
        close={() => setSaying(undefined)}
        title={w.decide}
        submitText={w.decide}
        submit={({ score, reason }) =>
          decide.run({ path, body: { ...(score ? { score } : {}), reason: reason ?? "" } })
        }
      >
        <Form.Item name="score" label={w.decideScore}>
          <Input inputMode="decimal" maxLength={7} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={w.reason}
          rules={row?.state === "disputed" ? [{ required: true, message: w.needed }] : []}
        >
          <Input.TextArea rows={4} maxLength={2000} showCount />
        </Form.Item>
      </EditDrawer>
    </DetailPage>
  );
}

/** The raw rate beside what could be expected: a hard district is seen to be hard. */
function Difficulty({ row }: { row: Shown }) {
  const w = useWords(words);
  const of = (measure: string) => Number((row.record as Record<string, number>)[measure] ?? 0);
  const [receivable, received, expected] = [of("receivable_fen"), of("received_fen"), of("expected_fen")];
  if (receivable === 0) {
    return null;
  }
  return (
    <Card size="small" title={w.fairness}>
      <Facts
        columns={1}
        facts={[
          [w.rawRate, quotient(received, receivable)],
          [w.expectedRate, quotient(expected, receivable)],
          [w.againstExpected, quotient(received, expected)],
        ]}
      />
      <Typography.Text type="secondary">{w.fairnessNote}</Typography.Text>
    </Card>
  );
}

function SaidCard({ row }: { row: Shown }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Card size="small" title={w.said}>
      {row.said.length === 0 ? (
        <Typography.Text type="secondary">{w.nothingSaid}</Typography.Text>
      ) : (
        <Timeline
          items={row.said.map((said, index) => ({
            key: index,
            color: said.deed === "dispute" ? "red" : "blue",
            content: (
              <>
                <Typography.Text strong>{name("appraisalDeed", said.deed)}</Typography.Text>{" "}
                <Typography.Text type="secondary">
                  {said.on} · {said.by}
                </Typography.Text>
                <div>{said.said}</div>
              </>
            ),
          }))}
        />
      )}
    </Card>
  );
}
