// The customer's tab, and the body of the case page: gates with what unblocks them, deeds, and every case with its history.

import { Alert, Card, Col, Collapse, Empty, Flex, Row, Spin, Table, Timeline, Typography } from "antd";
import { type Schema, useGet } from "@/api";
import { Day, Facts, GateList, Money, ProblemNote, RuleTag, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { Deeds } from "./Deeds";
import { gatesOf } from "./gates";
import { words } from "./words";

type CaseTold = Schema<"CaseTold">;

/** The tab. */
export default function Cuts({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const path = { account_no: accountNo };
  const gates = useGet("/accounts/{account_no}/cuts/gates", { path, query: {} }, { keep: true });
  const cuts = useGet("/accounts/{account_no}/cuts", { path }, { keep: true });
  const problem = gates.problem ?? cuts.problem;
  if (problem) {
    return <ProblemNote problem={problem} again={() => Promise.all([gates.again(), cuts.again()])} />;
  }
  if (!gates.data || !cuts.data) {
    return <Spin />;
  }
  const [newest, ...older] = cuts.data.cases;
  return (
    <Flex vertical gap={12}>
      <Deeds accountNo={accountNo} gates={gates.data} newest={newest} />
      <Row gutter={[12, 12]}>
        <Col xs={24} xl={12}>
          <Gates told={gates.data} />
        </Col>
        <Col xs={24} xl={12}>
          {newest ? (
            <OneCase told={newest} />
          ) : (
            <Card size="small">
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noCases} />
            </Card>
          )}
        </Col>
      </Row>
      {older.length > 0 && (
        <Collapse
          items={older.map((one) => ({
            key: one.case_no,
            label: w.caseHead(one.case_no),
            children: <OneCase told={one} />,
          }))}
        />
      )}
    </Flex>
  );
}

function Gates({ told }: { told: Schema<"GatesTold"> }) {
  const w = useWords(words);
  const holding = told.gates.filter((gate) => gate.holds).length;
  return (
    <Card size="small" title={w.gates} extra={w.gatesNow(holding, told.gates.length)}>
      <Alert
        showIcon
        type={told.lawful ? "success" : "info"}
        title={told.lawful ? w.lawful : w.unlawful}
        style={{ marginBottom: 8 }}
      />
      <Facts
        columns={2}
        facts={[
          [w.pressed, <Money key="m" value={told.amount} unit />],
          [w.days, told.days.length > 0 ? told.days.join(" ") : undefined],
        ]}
      />
      <GateList gates={gatesOf(told.gates)} />
    </Card>
  );
}

function OneCase({ told }: { told: CaseTold }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Card
      size="small"
      title={w.caseHead(told.case_no)}
      extra={<StateTag family="cutState" word={told.state} />}
    >
      <Facts
        columns={2}
        facts={[
          [w.bills, told.bills.map((no) => w.billNo(no)).join(" ")],
          [w.outcome, name("cutOutcome", told.outcome)],
          [
            w.window,
            told.window_from && (
              <span key="w">
                <Day value={told.window_from} /> – <Day value={told.window_to} />
              </span>
            ),
          ],
          [w.round, told.round > 0 ? told.round : undefined],
        ]}
      />
      {told.warrants.length > 0 && <Warrants rows={told.warrants} />}
      {told.operations.length > 0 && <Operations rows={told.operations} />}
      {told.documents.length > 0 && (
        <Small
          title={w.documents}
          rows={told.documents}
          rowKey="document_no"
          columns={[
            { title: w.kind, render: (_, row) => name("cutDocument", row.kind) },
            { title: w.about, dataIndex: "about" },
            { title: w.on, render: (_, row) => <Day value={row.happened_on} /> },
            { title: w.evidence, dataIndex: "evidence_no" },
            { title: w.by, dataIndex: "noted_by" },
          ]}
        />
      )}
      {told.calls.length > 0 && (
        <Small
          title={w.calls}
          rows={told.calls}
          rowKey="call_no"
          columns={[
            { title: w.calledAt, render: (_, row) => <Day value={row.called_at} /> },
            { title: w.toldAt, render: (_, row) => <Day value={row.told_cut_at} /> },
            { title: w.outcome, render: (_, row) => name("outcome", row.outcome) },
            { title: w.by, dataIndex: "called_by" },
          ]}
        />
      )}
      <Typography.Title level={3} style={{ fontSize: 14 }}>
        {w.history}
      </Typography.Title>
      <Timeline items={useHistory(told)} />
      {told.rules.map((rule) => (
        <RuleTag key={rule} id={rule} />
      ))}
    </Card>
  );
}

function Small<T extends object>(props: {
  title: string;
  rows: T[];
  rowKey: keyof T & string;
  columns: NonNullable<React.ComponentProps<typeof Table<T>>["columns"]>;
}) {
  return (
    <section aria-label={props.title}>
      <Typography.Title level={3} style={{ fontSize: 14 }}>
        {props.title}
      </Typography.Title>
      <Table<T>
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        rowKey={props.rowKey}
        dataSource={props.rows}
        columns={props.columns}
      />
    </section>
  );
}

function Warrants({ rows }: { rows: Schema<"WarrantTold">[] }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Small
      title={w.warrants}
      rows={rows}
      rowKey="warrant_no"
      columns={[
        { title: w.state, render: (_, row) => <StateTag family="warrantState" word={row.state} /> },
        { title: w.madeAt, render: (_, row) => <Day value={row.made_at} /> },
        { title: w.by, dataIndex: "made_by" },
        { title: w.expiresAt, render: (_, row) => <Day value={row.expires_at} /> },
        {
          title: w.endedAt,
          render: (_, row) => (
            <Flex vertical>
              <Day value={row.ended_at} />
              {name("warrantEnd", row.ended_why)}
            </Flex>
          ),
        },
      ]}
    />
  );
}

function Operations({ rows }: { rows: Schema<"OperationTold">[] }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Small
      title={w.operations}
      rows={rows}
      rowKey="operation_no"
      columns={[
        { title: w.kind, render: (_, row) => name("operationKind", row.kind) },
        { title: w.channel, render: (_, row) => name("operationChannel", row.channel) },
        { title: w.state, render: (_, row) => <StateTag family="operationState" word={row.state} /> },
        { title: w.orderedAt, render: (_, row) => <Day value={row.ordered_at} /> },
        { title: w.dueAt, render: (_, row) => <Day value={row.due_at} /> },
        { title: w.doneAt, render: (_, row) => <Day value={row.done_at} /> },
        { title: w.by, render: (_, row) => row.done_by ?? row.ordered_by },
      ]}
    />
  );
}

/** What happened in a case, the latest last. */
function useHistory(told: CaseTold) {
  const w = useWords(words);
  const name = useNames();
  const events: { at: string; text: string }[] = [
    { at: told.proposed_on, text: `${w.proposed} ${told.proposed_by}` },
  ];
  const add = (at: string | null | undefined, text: string) => at && events.push({ at, text });
  add(told.approved_on, `${w.approved} ${told.approved_by ?? ""}`);
  add(told.served_on, w.served);
  for (const one of told.documents) {
    add(one.happened_on, `${name("cutDocument", one.kind)} ${one.about}`);
  }
  for (const one of told.warrants) {
    add(one.made_at, `${w.warrants} ${one.made_by}`);
    add(one.ended_at, `${name("warrantState", one.state)} ${name("warrantEnd", one.ended_why)}`);
  }
  for (const one of told.calls) {
    add(one.called_at, `${w.call} ${name("outcome", one.outcome)}`);
  }
  for (const one of told.operations) {
    add(one.ordered_at, `${name("operationKind", one.kind)} · ${w.orderedAt} ${one.ordered_by}`);
    add(one.done_at, `${name("operationKind", one.kind)} · ${w.doneAt} ${one.done_by ?? ""}`);
  }
  add(told.closed_on, `${name("cutState", told.state)} ${name("cutOutcome", told.outcome)}`);
  return events
    .map((event, index) => ({ ...event, index }))
    .sort((a, b) => a.at.slice(0, 10).localeCompare(b.at.slice(0, 10)) || a.index - b.index)
    .map((event) => ({
      key: event.index,
      content: (
        <>
          <Day value={event.at} /> {event.text}
        </>
      ),
    }));
}
