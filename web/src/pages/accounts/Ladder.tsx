// Where a debtor stands on the ladder of demands, and why.

import { Card, Col, Empty, Row, Spin, Timeline, Typography } from "antd";
import { useGet } from "@/api";
import { Day, Derivation, Facts, Money, ProblemNote, RuleTag } from "@/parts";
import { type Family, useNames, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Ladder({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const ladder = useGet("/accounts/{account_no}/ladder", { path: { account_no: accountNo }, query: {} });
  const told = ladder.data;
  if (!told) {
    return ladder.problem ? <ProblemNote problem={ladder.problem} again={ladder.again} /> : <Spin />;
  }
  return (
    <Row gutter={[12, 12]}>
      <Col xs={24} xl={12}>
        <Card size="small" title={w.ladderWhy}>
          {told.rule ? (
            <>
              <Facts
                columns={2}
                facts={[
                  [w.ladderRule, <RuleTag key="r" id={told.rule} />],
                  [w.ladderNext, told.next_on && <Day key="n" value={told.next_on} />],
                ]}
              />
              <Derivation steps={told.why} />
            </>
          ) : (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noLadder} />
          )}
        </Card>
      </Col>
      <Col xs={24} xl={12}>
        <Card size="small" title={w.ladderTimeline}>
          <Timeline
            items={[...told.timeline].reverse().map((event) => ({
              key: `${event.on}/${event.what}/${event.no}/${event.bill_no}`,
              content: (
                <>
                  <Day value={event.on} /> <strong>{name("timeline", event.what)}</strong>{" "}
                  {event.bill_no > 0 && w.billNo(event.bill_no)}{" "}
                  {event.amount !== null && <Money value={event.amount} unit />}{" "}
                  <Typography.Text type="secondary">{detail(event.what, event.detail, name)}</Typography.Text>
                </>
              ),
            }))}
          />
        </Card>
      </Col>
    </Row>
  );
}

const FAMILIES: Record<string, Family[]> = {
  notice: ["noticeKind"],
  payment: ["paymentChannel"],
  payment_taken_back: ["paymentChannel"],
  step: ["ladderStep", "stepState", "why"],
  legal_case: ["legalKind", "legalState"],
  cut_case: ["cutState"],
  hold: ["holdKind"],
  plan: ["holdKind", "planState"],
};

/** The words of an event's detail by their names, each in its place. */
function detail(what: string, text: string, name: ReturnType<typeof useNames>): string {
  const families = FAMILIES[what];
  if (!families) {
    return text;
  }
  return text
    .split(" ")
    .map((word, at) => name(families[Math.min(at, families.length - 1)] as Family, word))
    .join(" ");
}
