// Why a bill is higher or lower than before: the causes beside the bill before it and beside that of a year ago.

import { Card, Empty, Flex, Spin, Typography } from "antd";
import { type Schema, useGet } from "@/api";
import { useSay, useWords } from "@/words";
import { grouped, isNegative } from "./amounts";
import { ProblemNote } from "./ProblemNote";
import { words } from "./words";

type Why = Schema<"WhyBill">;

/** Does a bill of the kind charge a metered period, so that it can be compared? */
export function isCompared(kind: string): boolean {
  return ["regular", "provisional", "correction"].includes(kind);
}

/** What the API says of it. */
export function WhyBill({ why }: { why: Why }) {
  const w = useWords(words);
  return (
    <Card size="small" title={w.whyHigh}>
      <Causes why={why} />
    </Card>
  );
}

function Causes({ why }: { why: Why }) {
  const w = useWords(words);
  const say = useSay();
  return (
    <Flex vertical gap={12}>
      {why.beside.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.nothingBefore} />
      )}
      {why.beside.map(({ earlier, month, comparison }) => (
        <section key={earlier} aria-label={w.beside[earlier]}>
          <Flex justify="space-between" gap={8} wrap>
            <strong>
              {w.beside[earlier]} ({month})
            </strong>
            <span className="dh-num">
              {grouped(comparison.before)} → {grouped(comparison.now)} {w.yuan}
            </span>
          </Flex>
          {comparison.effects.length === 0 && (
            <Typography.Text type="secondary">{w.noChange}</Typography.Text>
          )}
          {comparison.effects.map((effect) => (
            <Flex
              key={`${effect.cause}/${effect.item}`}
              justify="space-between"
              gap={12}
              style={{ padding: "4px 0" }}
            >
              <span>{say(effect.text)}</span>
              <span className="dh-num" style={{ whiteSpace: "nowrap" }}>
                {isNegative(effect.amount) ? "" : "+"}
                {grouped(effect.amount)}
              </span>
            </Flex>
          ))}
        </section>
      ))}
      {why.notes.length > 0 && (
        <ul style={{ margin: 0, paddingInlineStart: 20 }}>
          {why.notes.map((note) => (
            <li key={note.code}>
              <Typography.Text type="secondary">{say(note.text)}</Typography.Text>
            </li>
          ))}
        </ul>
      )}
    </Flex>
  );
}

/** The same for a bill that staff look at. A bill that cannot be compared says why not. */
export function WhyOfBill({ accountNo, billNo }: { accountNo: string; billNo: number }) {
  const w = useWords(words);
  const asked = useGet("/accounts/{account_no}/bills/{bill_no}/why", {
    path: { account_no: accountNo, bill_no: billNo },
  });
  if (asked.data) {
    return <WhyBill why={asked.data} />;
  }
  return (
    <Card size="small" title={w.whyHigh}>
      {asked.problem ? <ProblemNote problem={asked.problem} again={asked.again} /> : <Spin />}
    </Card>
  );
}
