// Bills of an account; each unfolds into its lines, how it was calculated, and the clauses.

import { Card, Col, Flex, Row, Spin, Typography } from "antd";
import { useGet } from "@/api";
import {
  Day,
  Derivation,
  Facts,
  isCompared,
  ListPage,
  Money,
  ProblemNote,
  Quantity,
  RuleTag,
  SmallTable,
  StateTag,
  WhyOfBill,
} from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Bills({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <ListPage
      path="/accounts/{account_no}/bills"
      args={{ path: { account_no: accountNo } }}
      name="account.bills"
      rowKey={(bill) => bill.bill_no}
      expand={(bill) => <BillShown accountNo={accountNo} billNo={bill.bill_no} />}
      columns={[
        { key: "bill_no", title: w.bill, align: "right" },
        { key: "month", title: w.month },
        { key: "kind", title: w.kind, render: (bill) => name("billKind", bill.kind) },
        { key: "amount", title: w.amount, align: "right", render: (bill) => <Money value={bill.amount} /> },
        { key: "open", title: w.unpaid, align: "right", render: (bill) => <Money value={bill.open} /> },
        { key: "state", title: w.state, render: (bill) => <StateTag family="billState" word={bill.state} /> },
        {
          key: "active_kwh",
          title: `${w.energy} (${w.kwh})`,
          align: "right",
          render: (bill) => <Quantity value={bill.active_kwh} />,
        },
        { key: "due_on", title: w.due, render: (bill) => <Day value={bill.due_on} /> },
        { key: "settled_on", title: w.settled, render: (bill) => <Day value={bill.settled_on} /> },
        {
          key: "released_on",
          title: w.released,
          hidden: true,
          render: (bill) => <Day value={bill.released_on} />,
        },
        {
          key: "period",
          title: w.period,
          hidden: true,
          render: (bill) => (
            <>
              <Day value={bill.from_on} /> – <Day value={bill.to_on} />
            </>
          ),
        },
      ]}
    />
  );
}

/** One bill with everything behind it. */
export function BillShown({ accountNo, billNo }: { accountNo: string; billNo: number }) {
  const w = useWords(words);
  const say = useSay();
  const name = useNames();
  const shown = useGet("/accounts/{account_no}/bills/{bill_no}", {
    path: { account_no: accountNo, bill_no: billNo },
  });
  const bill = shown.data;
  if (!bill) {
    return shown.problem ? <ProblemNote problem={shown.problem} again={shown.again} /> : <Spin />;
  }
  return (
    <Flex vertical gap={12}>
      <Facts
        facts={[
          [w.period, `${bill.bill.from_on} – ${bill.bill.to_on}`],
          [w.preparedBy, bill.prepared_by],
          [w.reason, bill.reason],
          [w.derived, <Money key="d" value={bill.derived} unit />],
        ]}
      />
      <SmallTable
        rowKey={(line) => `${line.item}/${line.band}/${line.tier}/${line.share}`}
        dataSource={bill.lines}
        columns={[
          {
            title: w.item,
            render: (_, line) => `${say(line.name)}${line.band ? ` · ${name("register", line.band)}` : ""}`,
          },
          { title: w.tier, render: (_, line) => (line.tier > 0 ? line.tier : "") },
          {
            title: w.quantity,
            align: "right",
            render: (_, line) => <Quantity value={line.quantity} unit={name("tariffUnit", line.unit)} />,
          },
          { title: w.price, align: "right", render: (_, line) => <Quantity value={line.price} /> },
          { title: w.amount, align: "right", render: (_, line) => <Money value={line.amount} /> },
        ]}
      />
      {isCompared(bill.bill.kind) && <WhyOfBill accountNo={accountNo} billNo={billNo} />}
      <Row gutter={[12, 12]}>
        <Col xs={24} xl={14}>
          <Card size="small" title={w.derivation}>
            <Derivation steps={bill.derivation} rules={bill.rules} />
          </Card>
        </Col>
        <Col xs={24} xl={10}>
          <Card size="small" title={w.rules}>
            {bill.rules.map((rule) => (
              <div key={rule.id} style={{ marginBottom: 8 }}>
                <RuleTag id={rule.id} />
                <div>
                  <Typography.Text type="secondary">{rule.clause}</Typography.Text>
                </div>
              </div>
            ))}
          </Card>
        </Col>
      </Row>
    </Flex>
  );
}
