// One target: its tree with what came of every node, the people by rank, and the form in which a node is set by hand.

import { Button, Card, Checkbox, Flex, Form, Input, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type Schema, useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import {
  ActionButton,
  Chart,
  DayField,
  DetailPage,
  EditDrawer,
  grouped,
  MomentField,
  Money,
  MoneyField,
  RuleTag,
  StateTag,
  toPlot,
} from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

type Shown = Schema<"TargetShown">;
type Node = Schema<"NodeShown">;
type Branch = Node & { children?: Branch[] };

interface Adjusting {
  amount?: string;
  fixed: boolean;
  reason?: string;
}

/** The page. */
export default function Tree() {
  const w = useWords(words);
  const name = useNames();
  const navigate = useNavigate();
  const no = Number(useParams().targetNo);
  const path = { target_no: no };
  const [asOf, setAsOf] = useState<string>();
  const [asKnown, setAsKnown] = useState<string>();
  const query = { ...(asOf ? { as_of: asOf } : {}), ...(asKnown ? { as_known: asKnown } : {}) };
  const asked = useGet("/targets/{target_no}", { path, query }, { keep: true });
  const confirm = useSend("post", "/targets/{target_no}/confirm");
  const draw = useSend("post", "/bonus-sheets");
  const [adjusting, setAdjusting] = useState<Node>();
  const target = asked.data;
  return (
    <DetailPage
      back="/targets/targets"
      title={target ? `${target.period} ${target.unit_name}` : w.targets}
      tags={target && <StateTag family="targetState" word={target.state} />}
      loading={!target && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={
        target && (
          <>
            <ActionButton
              permission="set_targets"
              blocked={target.state === "draft" ? undefined : w.notDraftTarget}
              confirm
              primary={target.state === "draft"}
              run={() => confirm.run({ path, body: {} })}
            >
              {w.confirm}
            </ActionButton>
            <ActionButton
              permission="make_bonus"
              blocked={target.state === "closed" ? undefined : w.closedOnly}
              run={async () => {
                const sheet = await draw.run({ body: { target_no: no } });
                navigate(`/targets/bonus/${sheet.sheet_no}`);
              }}
            >
              {w.makeSheet}
            </ActionButton>
          </>
        )
      }
      facts={
        target
          ? [
              [w.amountYuan, <Money key="m" value={target.amount} unit />],
              [w.method, name("targetMethod", target.method)],
              [w.madeBy, target.made_by],
              [w.confirmedBy, target.confirmed_by],
              [w.closedOn, target.closed_on],
              [
                w.rules,
                target.rules.length > 0 ? (
                  <Flex key="r" gap={4} wrap>
                    {target.rules.map((rule) => (
                      <RuleTag key={rule} id={rule} />
                    ))}
                  </Flex>
                ) : null,
              ],
            ]
          : []
      }
    >
      {target && (
        <>
          <Card
            size="small"
            title={w.tree}
            extra={
              <Flex gap={8} wrap align="center">
                <span>{w.asOf}</span>
                <div style={{ width: 140 }}>
                  <DayField aria-label={w.asOf} value={asOf ?? target.as_of} onChange={setAsOf} />
                </div>
                <div style={{ width: 190 }}>
                  <MomentField
                    aria-label={w.asKnown}
                    placeholder={w.asKnown}
                    value={asKnown}
                    onChange={setAsKnown}
                  />
                </div>
              </Flex>
            }
          >
            <Nodes target={target} adjust={setAdjusting} />
          </Card>
          <Ranking target={target} />
        </>
      )}
      <AdjustForm no={no} node={adjusting} close={() => setAdjusting(undefined)} />
    </DetailPage>
  );
}

/** What a node is called. */
function useNodeName(): (node: Node) => string {
  const w = useWords(words);
  return (node) => {
    if (!node.is_person) {
      return node.name;
    }
    return node.staff ? [node.staff, node.name === node.staff ? "" : node.name].join(" ").trim() : w.nobody;
  };
}

function grown(nodes: Node[]): Branch[] {
  const known = new Set(nodes.map((node) => node.node_no));
  const below = (parent: number | undefined): Branch[] =>
    nodes
      .filter((node) => (parent === undefined ? !known.has(node.parent_no ?? -1) : node.parent_no === parent))
      .map((node) => {
        const children = below(node.node_no);
        return children.length > 0 ? { ...node, children } : { ...node };
      });
  return below(undefined);
}

function Nodes({ target, adjust }: { target: Shown; adjust: (node: Node) => void }) {
  const w = useWords(words);
  const called = useNodeName();
  const may = useMay();
  const percent = (text: string | null | undefined) => (text ? `${text}%` : "–");
  const ahead = target.nodes.some((node) => node.forecast);
  return (
    <Table<Branch>
      key={`${target.target_no}`}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      rowKey="node_no"
      dataSource={grown(target.nodes)}
      expandable={{ defaultExpandAllRows: true }}
      columns={[
        {
          title: w.node,
          render: (_, node) => (
            <span data-node={node.staff ?? node.unit}>
              {called(node)} {node.fixed && <Tag title={node.reason}>{w.fixed}</Tag>}
            </span>
          ),
        },
        { title: w.target, align: "right", render: (_, node) => <Money value={node.amount} /> },
        { title: w.receivable, align: "right", render: (_, node) => <Money value={node.receivable} /> },
        { title: w.received, align: "right", render: (_, node) => <Money value={node.received} /> },
        { title: w.completion, align: "right", render: (_, node) => percent(node.completion) },
        { title: w.cumulative, align: "right", render: (_, node) => percent(node.cumulative) },
        { title: w.thisYear, align: "right", render: (_, node) => percent(node.this_year) },
        { title: w.priorYears, align: "right", render: (_, node) => percent(node.prior_years) },
        ...(ahead
          ? [
              {
                title: w.forecast,
                align: "right" as const,
                render: (_: unknown, node: Branch) =>
                  node.forecast && (
                    <>
                      <Money value={node.forecast.middle} />
                      <div>
                        <Typography.Text type="secondary" style={{ fontSize: 12 }}>
                          {w.forecastBand(grouped(node.forecast.low), grouped(node.forecast.high))}
                        </Typography.Text>
                      </div>
                    </>
                  ),
              },
            ]
          : []),
        { title: w.rank, align: "right", render: (_, node) => node.rank },
        ...(may("set_targets") && target.state !== "closed"
          ? [
              {
                title: "",
                render: (_: unknown, node: Branch) =>
                  node.parent_no && (
                    <Button
                      size="small"
                      onClick={() => adjust(node)}
                      aria-label={`${w.adjust} ${called(node)}`}
                    >
                      {w.adjust}
                    </Button>
                  ),
              },
            ]
          : []),
      ]}
    />
  );
}

function Ranking({ target }: { target: Shown }) {
  const w = useWords(words);
  const called = useNodeName();
  const people = target.nodes
    .filter((node) => node.is_person && node.rank && node.completion)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  if (people.length === 0) {
    return null;
  }
  return (
    <Card size="small" title={w.ranking}>
      <Chart
        label={w.rankingLabel}
        height={Math.max(160, people.length * 28 + 60)}
        option={{
          tooltip: { trigger: "item", valueFormatter: (value: number) => `${value}%` },
          grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
          xAxis: { type: "value", axisLabel: { formatter: "{value}%" } },
          yAxis: { type: "category", inverse: true, data: people.map(called) },
          series: [
            {
              type: "bar",
              label: { show: true, position: "right", formatter: "{c}%" },
              data: people.map((node) => toPlot(node.completion ?? "0")),
              markLine: { symbol: "none", silent: true, label: { show: false }, data: [{ xAxis: 100 }] },
            },
          ],
        }}
      />
    </Card>
  );
}

function AdjustForm({ no, node, close }: { no: number; node: Node | undefined; close: () => void }) {
  const w = useWords(words);
  const called = useNodeName();
  const send = useSend("post", "/targets/{target_no}/nodes/{node_no}");
  const submit = ({ amount, fixed, reason }: Adjusting) => {
    const path = { target_no: no, node_no: node?.node_no ?? 0 };
    const changed = amount && amount !== String(node?.amount) ? { amount } : {};
    return send.run({ path, body: { ...changed, fixed, reason: reason ?? "" } });
  };
  return (
    <EditDrawer<Adjusting>
      open={node !== undefined}
      close={close}
      title={node ? w.adjustTitle(called(node)) : ""}
      submit={submit}
      submitText={w.adjust}
      initial={{ ...(node ? { amount: String(node.amount) } : {}), fixed: true, reason: "" }}
    >
      <Form.Item name="amount" label={w.newAmount}>
        <MoneyField />
      </Form.Item>
      <Form.Item name="fixed" valuePropName="checked" extra={w.keepHint}>
        <Checkbox>{w.keep}</Checkbox>
      </Form.Item>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.needed }]}>
        <Input.TextArea rows={3} maxLength={500} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
