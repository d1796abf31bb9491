// What is due, in one look.

import { Alert, Card, Flex, Spin, Typography } from "antd";
import { Link } from "react-router";
import type { Schema } from "@/api";
import { ProblemNote } from "@/parts";
import { grouped, isZero } from "@/parts/amounts";
import { useWords } from "@/words";
import { useOwn } from "./api";
import { Pay } from "./Pay";
import { words } from "./words";

/** The first page. */
export function Home() {
  const w = useWords(words);
  const { data, loading, problem } = useOwn<Schema<"CustomerAccount">>("");
  if (problem) {
    return <ProblemNote problem={problem} />;
  }
  if (loading || !data) {
    return <Spin aria-label={w.loading} />;
  }
  const owes = !isZero(data.to_pay);
  return (
    <Flex vertical gap={12}>
      <Typography.Text>{w.hello(data.name)}</Typography.Text>
      {data.supply === "cut" && <Alert type="error" showIcon title={w.cut} />}
      {data.supply === "planned" && <Alert type="warning" showIcon title={w.planned} />}
      <Card>
        <Typography.Text type="secondary">{w.toPay}</Typography.Text>
        <div className="dh-num" style={{ fontSize: 36, fontWeight: 600 }}>
          {grouped(data.to_pay)} <small>{w.yuan}</small>
        </div>
        {!owes && <div>{w.nothing}</div>}
        {owes && data.due_on && <div>{w.due(data.due_on)}</div>}
        {!isZero(data.overdue) && (
          <Typography.Text type="danger">{w.overdue(grouped(data.overdue))}</Typography.Text>
        )}
        {!isZero(data.late_fee) && <div>{w.lateFee(grouped(data.late_fee))}</div>}
        {!isZero(data.prepaid) && <div>{w.prepaid(grouped(data.prepaid))}</div>}
        {owes && <Typography.Paragraph style={{ margin: "12px 0 0" }}>{w.payHint}</Typography.Paragraph>}
      </Card>
      <Pay owes={owes} />
      {data.debts.length > 0 && (
        <Card size="small" title={w.debts}>
          {data.debts.map((debt) => (
            <Flex key={debt.bill_no} justify="space-between" gap={8} style={{ padding: "6px 0" }}>
              <Link to={`/my/bills/${debt.bill_no}`}>{w.bill(debt.bill_no)}</Link>
              <span>{w.due(debt.due_on)}</span>
              <span className="dh-num">{grouped(debt.open)}</span>
            </Flex>
          ))}
        </Card>
      )}
      <Typography.Text type="secondary">
        {data.account_no} · {data.address}
      </Typography.Text>
    </Flex>
  );
}
