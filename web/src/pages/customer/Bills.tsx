// Bills, and how each came about in words.

import { Button, Card, Empty, Flex, Spin, Tag, Typography } from "antd";
import { Link, useNavigate } from "react-router";
import type { Schema } from "@/api";
import { Derivation, isCompared, ProblemNote, WhyBill } from "@/parts";
import { grouped } from "@/parts/amounts";
import { useNames, useSay, useWords } from "@/words";
import { useOwn } from "./api";
import { Pay } from "./Pay";
import { words } from "./words";

interface Listed {
  items: Schema<"BillLine">[];
}

function State({ state }: { state: string }) {
  const w = useWords(words);
  return (
    <Tag color={state === "settled" ? "green" : "orange"}>{state === "settled" ? w.settled : w.open}</Tag>
  );
}

/** The list. */
export function Bills() {
  const w = useWords(words);
  const name = useNames();
  const { data, loading, problem } = useOwn<Listed>("/bills?limit=60");
  if (problem) {
    return <ProblemNote problem={problem} />;
  }
  if (loading || !data) {
    return <Spin aria-label={w.loading} />;
  }
  if (data.items.length === 0) {
    return <Empty description={w.noBills} />;
  }
  return (
    <Flex vertical gap={8}>
      {data.items.map((bill) => (
        <Link key={bill.bill_no} to={`/my/bills/${bill.bill_no}`}>
          <Card size="small" hoverable>
            <Flex justify="space-between" gap={8}>
              <strong>{w.month(bill.month)}</strong>
              <span className="dh-num">
                {grouped(bill.amount)} {w.yuan}
              </span>
            </Flex>
            <Flex justify="space-between" gap={8}>
              <Typography.Text type="secondary">
                {bill.kind === "regular" ? w.used(grouped(bill.active_kwh)) : name("billKind", bill.kind)}
              </Typography.Text>
              <State state={bill.state} />
            </Flex>
          </Card>
        </Link>
      ))}
    </Flex>
  );
}

/** Why it is higher or lower than before. */
function Why({ path }: { path: string }) {
  const { data } = useOwn<Schema<"WhyBill">>(path);
  return data && <WhyBill why={data} />;
}

/** One bill. */
export function Bill({ billNo }: { billNo: string }) {
  const w = useWords(words);
  const say = useSay();
  const name = useNames();
  const go = useNavigate();
  const path = `/bills/${encodeURIComponent(billNo)}`;
  const { data, loading, problem } = useOwn<Schema<"CustomerBill">>(path);
  if (problem) {
    return <ProblemNote problem={problem} />;
  }
  if (loading || !data) {
    return <Spin aria-label={w.loading} />;
  }
  const { bill } = data;
  return (
    <Flex vertical gap={12}>
      <Button onClick={() => go("/my/bills")}>{w.back}</Button>
      <Card>
        <Flex justify="space-between" gap={8}>
          <strong>{w.month(bill.month)}</strong>
          <State state={bill.state} />
        </Flex>
        <div className="dh-num" style={{ fontSize: 32, fontWeight: 600 }}>
          {grouped(bill.amount)} <small>{w.yuan}</small>
        </div>
        <div>{w.period(bill.from_on, bill.to_on)}</div>
        <div>{w.used(grouped(bill.active_kwh))}</div>
        {bill.state !== "settled" && bill.due_on && <div>{w.due(bill.due_on)}</div>}
      </Card>
      <Pay owes={bill.state !== "settled"} bills={[bill.bill_no]} />
      <Card size="small" title={w.lines}>
        {data.lines.map((line, at) => (
          // Lines have no key of their own and never move.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
          <Flex key={at} justify="space-between" gap={8} style={{ padding: "4px 0" }}>
            <span>
              {say(line.name)}
              <Typography.Text type="secondary">
                {" "}
                {grouped(line.quantity)} {name("tariffUnit", line.unit)} × {line.price}
              </Typography.Text>
            </span>
            <span className="dh-num">{grouped(line.amount)}</span>
          </Flex>
        ))}
      </Card>
      {isCompared(bill.kind) && <Why path={`${path}/why`} />}
      <Card size="small" title={w.why}>
        <Derivation steps={data.derivation} rules={data.rules} />
      </Card>
    </Flex>
  );
}
