// Meters of one's routes: read them, with a hint at once, or say why not.

import { Alert, Button, Card, Empty, Flex, Form, Input, Select, Tag, Typography } from "antd";
import { useMemo, useState } from "react";
import type { Schema } from "@/api";
import { useNames, useWords } from "@/words";
import { type DeedFile, Photo, PlaceField } from "./Capture";
import { Sheet } from "./Sheet";
import type { Field, Place } from "./useField";
import { expected, hint } from "./verdict";
import { words } from "./words";

type Meter = Schema<"MeterWork">;
type Kind = Meter["last"][number]["kind"];
type Reason = Schema<"NoReadingReason">;

const keyOf = (meter: Meter) => `${meter.account_no} ${meter.meter_no}`;

interface ReadingForm {
  registers: Record<string, string>;
  photo?: DeedFile;
  place?: Place;
}

function ReadSheet({ meter, field, close }: { meter: Meter; field: Field; close: () => void }) {
  const w = useWords(words);
  const name = useNames();
  const [form] = Form.useForm<ReadingForm>();
  const total = Form.useWatch(["registers", "total"], form);
  const kinds: Kind[] = meter.last.length > 0 ? meter.last.map((register) => register.kind) : ["total"];
  const rules = field.work?.verdict;
  const told = useMemo(() => {
    const shown = total?.trim();
    return rules && shown && /^\d+(\.\d{1,4})?$/.test(shown)
      ? hint(meter, rules, Number(shown), field.work?.today ?? "")
      : undefined;
  }, [meter, rules, total, field.work]);
  return (
    <Sheet<ReadingForm>
      title={`${meter.meter_no} · ${meter.address}`}
      form={form}
      close={close}
      save={({ registers, photo, place }) =>
        field.record(
          meter.account_no,
          {
            kind: "reading",
            meter_no: meter.meter_no,
            registers: kinds.map((kind) => ({ kind, value: (registers[kind] ?? "").trim() })),
            max_demand_kw: null,
            last_on: meter.last_on ?? null,
            photo: photo ?? null,
          },
          place,
        )
      }
    >
      {kinds.map((kind) => (
        <Form.Item
          key={kind}
          name={["registers", kind]}
          label={w.register(name("register", kind))}
          rules={[{ required: true, pattern: /^\s*\d+(\.\d{1,4})?\s*$/, message: w.needTotal }]}
          extra={w.last(
            String(meter.last.find((one) => one.kind === kind)?.value ?? "–"),
            meter.last_on ?? "–",
          )}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
      ))}
      {told && (
        <Alert
          role="status"
          style={{ marginBottom: 16 }}
          type={told.doubts.length > 0 ? "warning" : "success"}
          title={
            told.doubts.length > 0 ? told.doubts.map((doubt) => w.doubts[doubt]).join(" · ") : w.looksRight
          }
          description={`${told.kwh === undefined ? "" : `${w.use(String(told.kwh))} · `}${w.hintOnly}`}
        />
      )}
      <Form.Item name="photo">
        <Photo />
      </Form.Item>
      <Form.Item name="place">
        <PlaceField />
      </Form.Item>
    </Sheet>
  );
}

interface NoReadingForm {
  reason: Reason;
  note?: string;
  photo?: DeedFile;
  place?: Place;
}

function NotReadSheet({ meter, field, close }: { meter: Meter; field: Field; close: () => void }) {
  const w = useWords(words);
  const [form] = Form.useForm<NoReadingForm>();
  return (
    <Sheet<NoReadingForm>
      title={`${w.notRead} · ${meter.meter_no}`}
      form={form}
      initial={{ reason: "locked" }}
      close={close}
      save={({ reason, note, photo, place }) =>
        field.record(
          meter.account_no,
          { kind: "no_reading", meter_no: meter.meter_no, reason, note: note ?? null, photo: photo ?? null },
          place,
        )
      }
    >
      <Form.Item name="reason" label={w.reason}>
        <Select options={Object.entries(w.reasons).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item name="note" label={w.note}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="photo">
        <Photo />
      </Form.Item>
      <Form.Item name="place">
        <PlaceField />
      </Form.Item>
    </Sheet>
  );
}

/** Cards that a phone shows at once. */
const MOST = 100;

/** The list; what was read on this phone goes from it at once. */
export function Meters({ field }: { field: Field }) {
  const w = useWords(words);
  const [asked, setAsked] = useState("");
  const [reading, setReading] = useState<Meter>();
  const [missing, setMissing] = useState<Meter>();
  const done = new Set(
    field.deeds.flatMap(({ deed, state }) =>
      deed.act.kind === "reading" && state !== "refused" ? [`${deed.account_no} ${deed.act.meter_no}`] : [],
    ),
  );
  const rules = field.work?.verdict;
  const shown = (field.work?.meters ?? []).filter(
    (meter) =>
      !done.has(keyOf(meter)) &&
      (asked === "" || `${meter.account_no} ${meter.meter_no} ${meter.address}`.includes(asked.trim())),
  );
  const whole = (n: number) => String(Math.round(n));
  return (
    <Flex vertical gap={12}>
      <Input
        size="large"
        allowClear
        aria-label={w.search}
        placeholder={w.search}
        value={asked}
        onChange={(event) => setAsked(event.target.value)}
      />
      {shown.length === 0 && (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={asked.trim() === "" ? w.noWork : w.noneFound}
        />
      )}
      {shown.slice(0, MOST).map((meter) => {
        const usual = rules && expected(meter, rules, field.work?.today ?? "");
        const total = meter.last.find((register) => register.kind === "total");
        return (
          <Card key={keyOf(meter)} size="small" title={meter.address} extra={<Tag>{meter.route}</Tag>}>
            <div>
              {meter.customer} · <span className="dh-num">{meter.account_no}</span> ·{" "}
              <span className="dh-num">{meter.meter_no}</span>
            </div>
            {total && meter.last_on && (
              <Typography.Text type="secondary">
                {w.last(String(total.value), meter.last_on)}
                <br />
                {usual && w.expected(whole(usual.from), whole(usual.to))}
              </Typography.Text>
            )}
            <Flex gap={8} style={{ marginTop: 8 }}>
              <Button type="primary" size="large" block onClick={() => setReading(meter)}>
                {w.read}
              </Button>
              <Button size="large" onClick={() => setMissing(meter)}>
                {w.notRead}
              </Button>
            </Flex>
          </Card>
        );
      })}
      {shown.length > MOST && (
        <Typography.Text type="secondary">{w.more(shown.length - MOST)}</Typography.Text>
      )}
      {reading && <ReadSheet meter={reading} field={field} close={() => setReading(undefined)} />}
      {missing && <NotReadSheet meter={missing} field={field} close={() => setMissing(undefined)} />}
    </Flex>
  );
}
