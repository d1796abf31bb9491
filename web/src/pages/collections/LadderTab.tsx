// Where a debtor stands on the ladder: what happened as a chart over time, and why each step stands where it does.

import { Card, Col, Empty, Flex, Row, Spin, Timeline, Typography } from "antd";
import { Link } from "react-router";
import { type Schema, useGet } from "@/api";
import { Chart, Day, Derivation, Facts, Money, ProblemNote, RuleTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

type Event = Schema<"Ladder">["timeline"][number];

/** The tab. */
export default function LadderTab({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const ladder = useGet("/accounts/{account_no}/ladder", { path: { account_no: accountNo }, query: {} });
  const told = ladder.data;
  if (!told) {
    return ladder.problem ? <ProblemNote problem={ladder.problem} again={ladder.again} /> : <Spin />;
  }
  return (
    <Flex vertical gap={12}>
      {told.timeline.length > 0 && (
        <Card
          size="small"
          title={w.ladderChart}
          extra={<Link to={`/collections/card/${accountNo}`}>{w.openCard}</Link>}
        >
          <Chart
            label={w.ladderChart}
            height={Math.max(160, 60 + 28 * kinds(told.timeline).length)}
            option={option(
              told.timeline,
              (event) => detail(event, name),
              (what) => name("timeline", what),
            )}
          />
        </Card>
      )}
      <Row gutter={[12, 12]}>
        <Col xs={24} xl={12}>
          <Card size="small" title={w.ladderWhy}>
            {told.rule ? (
              <>
                <Facts
                  columns={2}
                  facts={[
                    [w.rule, <RuleTag key="r" id={told.rule} />],
                    [w.nextOn, told.next_on && <Day key="n" value={told.next_on} />],
                  ]}
                />
                <Derivation steps={told.why} />
              </>
            ) : (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.none} />
            )}
          </Card>
        </Col>
        <Col xs={24} xl={12}>
          <Card size="small" title={w.ladderTimeline}>
            <Timeline
              items={[...told.timeline].reverse().map((event) => ({
                key: `${event.on}/${event.what}/${event.no}/${event.bill_no}/${event.detail}`,
                content: (
                  <>
                    <Day value={event.on} /> <strong>{name("timeline", event.what)}</strong>{" "}
                    {event.bill_no > 0 && `${w.billNo} ${event.bill_no}`}{" "}
                    {event.amount !== null && <Money value={event.amount} unit />}{" "}
                    <Typography.Text type="secondary">{detail(event, name)}</Typography.Text>
                  </>
                ),
              }))}
            />
          </Card>
        </Col>
      </Row>
    </Flex>
  );
}

/** The words of an event named in the language that is shown. */
function detail(event: Event, name: ReturnType<typeof useNames>): string {
  const [first = "", ...rest] = event.detail.split(" ");
  if (event.what.startsWith("notice")) {
    return [name("noticeKind", first), ...rest.map((word) => name("noticeChannel", word))].join(" ");
  }
  if (event.what.startsWith("payment")) {
    return name("paymentChannel", first);
  }
  if (event.what === "step") {
    return [name("ladderStep", first), name("stepState", rest[0])].join(" ");
  }
  if (event.what.startsWith("hold")) {
    return [name("holdKind", first), ...rest].join(" ");
  }
  if (event.what.startsWith("plan")) {
    return [name("planKind", first), ...rest.map((word) => name("planState", word))].join(" ");
  }
  return event.detail;
}

const kinds = (events: Event[]) => [...new Set(events.map((event) => event.what))];

function option(events: Event[], tell: (event: Event) => string, label: (what: string) => string) {
  const rows = kinds(events);
  return {
    tooltip: { formatter: (point: { data: { told: string } }) => point.data.told },
    grid: { left: 8, right: 24, top: 12, bottom: 8, containLabel: true },
    xAxis: { type: "time" },
    yAxis: { type: "category", inverse: true, data: rows.map(label) },
    series: [
      {
        type: "scatter",
        symbolSize: 13,
        data: events.map((event) => ({
          value: [event.on, label(event.what)],
          told: `${event.on} ${label(event.what)} ${tell(event)} ${event.amount ?? ""}`,
        })),
      },
    ],
  };
}
