// Everything that happened on an account, the newest first.

import { Button, Empty, Flex, Timeline as Line, Popover, Select, Spin, Tag, Typography } from "antd";
import { useEffect, useState } from "react";
import { type Schema, useGet, useList } from "@/api";
import { Day, Money, ProblemNote, Quantity } from "@/parts";
import { type Family, useNames, useOptions, useSay, useSubject, useWords } from "@/words";
import { words } from "./words";

type Event = Schema<"Event">;

const COLOURS: Record<string, string> = {
  payment: "green",
  bill_settled: "green",
  bill_released: "blue",
  step: "orange",
  cut_case: "red",
  operation: "red",
  payment_taken_back: "red",
  evidence: "purple",
  legal_case: "purple",
};

/** Which family of words the kind of an event belongs to. */
const KINDS: Record<string, Family> = {
  reading: "readingSource",
  bill: "billKind",
  notice: "noticeKind",
  notice_served: "noticeKind",
  delivery: "noticeChannel",
  payment: "paymentChannel",
  payment_taken_back: "paymentChannel",
  hold: "holdKind",
  plan: "holdKind",
  evidence: "evidenceKind",
  legal_case: "legalKind",
  contact: "contactEvent",
  step: "ladderStep",
  cut_document: "cutDocument",
  final_call: "callOutcome",
  operation: "operationKind",
  legal_step: "legalStep",
  limitation_event: "limitationEvent",
  plan_ended: "holdKind",
  hold_released: "holdKind",
  ticket: "request",
};

const STATES: Record<string, Family> = {
  notice: "noticeState",
  delivery: "deliveryState",
  cut_case: "cutState",
  evidence: "evidenceStrength",
  legal_case: "legalState",
  plan: "planState",
  plan_ended: "planState",
  step: "stepState",
  notice_served: "noticeChannel",
  operation: "operationState",
  warrant: "warrantState",
};

/** Events whose note is a word of its own. */
const WHY = new Set(["step", "notice"]);

/** Events whose note names a thing, such as `notice:16`. */
const ABOUT = new Set(["evidence"]);

/** Coming days that are shown at once. */
const FEW = 4;

/** The tab. */
export default function Timeline({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const say = useSay();
  const options = useOptions("timeline");
  const [what, setWhat] = useState<string[]>([]);
  const [size, setSize] = useState(50);
  const path = { account_no: accountNo };
  const overview = useGet("/accounts/{account_no}", { path, query: {} });
  const list = useList(
    "/accounts/{account_no}/timeline",
    { path, query: what.length > 0 ? { what: what.join(",") } : {} },
    Math.min(size, 500),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice begins at the top again
  useEffect(() => setSize(50), [what]);
  return (
    <>
      {(overview.data?.coming.length ?? 0) > 0 && (
        <section aria-label={w.coming} style={{ marginBottom: 16 }}>
          <Typography.Text strong>{w.coming}</Typography.Text>
          <Flex gap={8} wrap style={{ marginTop: 8 }}>
            {overview.data?.coming.slice(0, FEW).map((coming) => (
              <Tag key={coming.on + coming.zh} style={{ whiteSpace: "normal" }}>
                <Day value={coming.on} /> {say(coming)}
              </Tag>
            ))}
            {(overview.data?.coming.length ?? 0) > FEW && (
              <Popover
                trigger={["hover", "focus", "click"]}
                content={overview.data?.coming.slice(FEW).map((coming) => (
                  <div key={coming.on + coming.zh}>
                    <Day value={coming.on} /> {say(coming)}
                  </div>
                ))}
              >
                <Button size="small" type="link">
                  {w.more}
                </Button>
              </Popover>
            )}
          </Flex>
        </section>
      )}
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: "label" }}
        allowClear
        maxTagCount="responsive"
        aria-label={w.filter}
        placeholder={w.filter}
        style={{ width: "100%", maxWidth: 460, marginBottom: 16 }}
        options={options}
        value={what}
        onChange={setWhat}
      />
      <ProblemNote problem={list.problem} again={list.again} />
      {list.loading && list.rows.length === 0 && <Spin />}
      {!list.loading && list.rows.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} />}
      <Line
        items={list.rows.map((event) => ({
          key: [event.on, event.what, event.no, event.sub_no, event.bill_no, event.kind, event.state].join(
            "/",
          ),
          color: COLOURS[event.what] ?? "gray",
          content: <Told event={event} />,
        }))}
      />
      {list.hasNext && size < 500 && (
        <Button onClick={() => setSize(size + 150)} loading={list.loading}>
          {w.more}
        </Button>
      )}
    </>
  );
}

function Told({ event }: { event: Event }) {
  const w = useWords(words);
  const name = useNames();
  const about = useSubject();
  const kinds = KINDS[event.what];
  const states = STATES[event.what];
  return (
    <Flex gap={8} wrap align="baseline">
      <Day value={event.at ?? event.on} />
      <strong>{name("timeline", event.what)}</strong>
      {event.kind && <span>{kinds ? name(kinds, event.kind) : event.kind}</span>}
      {event.bill_no > 0 && <Typography.Text type="secondary">{w.billNo(event.bill_no)}</Typography.Text>}
      {event.amount !== null && event.amount !== undefined && <Money value={event.amount} unit />}
      {event.energy !== null && event.energy !== undefined && <Quantity value={event.energy} unit={w.kwh} />}
      {event.state && states && <Tag>{name(states, event.state)}</Tag>}
      {event.note && (
        <Typography.Text type="secondary">
          {WHY.has(event.what)
            ? name("why", event.note)
            : ABOUT.has(event.what)
              ? about(event.note)
              : event.note}
        </Typography.Text>
      )}
    </Flex>
  );
}
