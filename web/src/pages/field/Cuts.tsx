// Cuts and restorations: the conditions, the last call, the live check, and what was found at the meter.

import { Alert, App, Button, Card, Collapse, Empty, Flex, Form, Input, Select, Tag, Typography } from "antd";
import { useState } from "react";
import { asProblem, type Schema } from "@/api";
import { request } from "@/api/client";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { type DeedFile, Photo, PlaceField } from "./Capture";
import { Sheet } from "./Sheet";
import type { Field, Place } from "./useField";
import { words } from "./words";

type Cut = Schema<"CutWork">;
type Outcome = Schema<"CallOutcome">;

const short = (moment: string | null | undefined) => (moment ?? "").replace("T", " ").slice(0, 16);

interface CallForm {
  at: string;
  outcome: Outcome;
}

function CallSheet({ cut, field, close }: { cut: Cut; field: Field; close: () => void }) {
  const w = useWords(words);
  const outcomes = useOptions("callOutcome");
  const [form] = Form.useForm<CallForm>();
  return (
    <Sheet<CallForm>
      title={`${w.call} · ${cut.address}`}
      form={form}
      initial={{ outcome: "reached" }}
      close={close}
      save={({ at, outcome }) =>
        field.record(
          cut.account_no,
          { kind: "cut_call", told_cut_at: `${field.work?.today}T${at}:00`, outcome },
          undefined,
        )
      }
    >
      <Form.Item name="at" label={w.tellAt} rules={[{ required: true, message: w.tellAt }]}>
        <Input type="time" />
      </Form.Item>
      <Form.Item name="outcome" label={w.outcome}>
        <Select options={outcomes} />
      </Form.Item>
    </Sheet>
  );
}

interface ConfirmForm {
  done: "yes" | "no";
  note?: string;
  photo?: DeedFile;
  place?: Place;
}

function ConfirmSheet({ cut, field, close }: { cut: Cut; field: Field; close: () => void }) {
  const w = useWords(words);
  const [form] = Form.useForm<ConfirmForm>();
  const isCut = cut.operation?.kind !== "restore";
  return (
    <Sheet<ConfirmForm>
      title={isCut ? w.confirmCut : w.confirmRestore}
      form={form}
      initial={{ done: "yes" }}
      close={close}
      save={({ done, note, photo, place }) =>
        field.record(
          cut.account_no,
          {
            kind: isCut ? "cut_confirm" : "restore_confirm",
            done: done === "yes",
            note: note ?? null,
            photo: photo ?? null,
          },
          place,
        )
      }
    >
      <Form.Item name="done" label={isCut ? w.confirmCut : w.confirmRestore}>
        <Select
          options={[
            { value: "yes", label: isCut ? w.doneCut : w.doneRestore },
            { value: "no", label: isCut ? w.notCut : w.notRestored },
          ]}
        />
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

function Gates({ cut, field }: { cut: Cut; field: Field }) {
  const w = useWords(words);
  const say = useSay();
  const failed = cut.gates.filter((gate) => !gate.holds).length;
  return (
    <Collapse
      size="small"
      style={{ marginTop: 8 }}
      items={[
        {
          key: "gates",
          label: (
            <>
              {w.gates}{" "}
              <Tag color={failed > 0 ? "red" : "green"}>
                {cut.gates.length - failed}/{cut.gates.length}
              </Tag>
            </>
          ),
          children: (
            <>
              <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                {cut.gates.map((gate) => (
                  <li key={gate.gate}>
                    <Typography.Text type={gate.holds ? "success" : "danger"}>
                      {gate.holds ? "✓" : "✗"}
                    </Typography.Text>{" "}
                    {say(gate.text)}
                    <Typography.Text type="secondary"> {gate.clause}</Typography.Text>
                  </li>
                ))}
              </ul>
              <Typography.Text type="secondary">{w.gatesAsOf(short(field.work?.made_at))}</Typography.Text>
            </>
          ),
        },
      ]}
    />
  );
}

function Execute({ cut, field }: { cut: Cut; field: Field }) {
  const w = useWords(words);
  const say = useSay();
  const { modal, message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const execute = async () => {
    setBusy(true);
    try {
      await request("post", "/field/accounts/{account_no}/cut", {
        path: { account_no: cut.account_no },
        body: {},
        key: crypto.randomUUID(),
      });
      message.success(w.executed);
      await field.sync();
    } catch (thrown) {
      modal.error({ title: w.execute, content: say(asProblem(thrown).detail) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        danger
        size="large"
        disabled={!field.online}
        loading={busy}
        onClick={() => modal.confirm({ title: w.execute, content: w.executeConfirm, onOk: execute })}
      >
        {w.execute}
      </Button>
      {!field.online && <Alert type="info" title={w.executeOffline} />}
    </>
  );
}

/** The list. */
export function Cuts({ field }: { field: Field }) {
  const w = useWords(words);
  const name = useNames();
  const [calling, setCalling] = useState<Cut>();
  const [confirming, setConfirming] = useState<Cut>();
  const shown = field.work?.cuts ?? [];
  return (
    <Flex vertical gap={12}>
      {shown.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noWork} />}
      {shown.map((cut) => (
        <Card
          key={cut.account_no}
          size="small"
          title={cut.address}
          extra={<Tag color={cut.state === "cut" ? "red" : "orange"}>{name("cutState", cut.state)}</Tag>}
        >
          <div>
            {cut.customer} · <span className="dh-num">{cut.account_no}</span>
          </div>
          <Typography.Text type="secondary">
            {cut.window_from && cut.window_to && <div>{w.window(cut.window_from, cut.window_to)}</div>}
            {cut.told_cut_at && <div>{w.toldAt(short(cut.told_cut_at))}</div>}
            {cut.operation?.due_at && <div>{w.restoreBy(short(cut.operation.due_at))}</div>}
          </Typography.Text>
          {cut.gates.length > 0 && <Gates cut={cut} field={field} />}
          <Flex gap={8} wrap style={{ marginTop: 8 }}>
            {cut.operation ? (
              <Button type="primary" size="large" block onClick={() => setConfirming(cut)}>
                {cut.operation.kind === "restore" ? w.confirmRestore : w.confirmCut}
              </Button>
            ) : (
              <>
                <Button size="large" onClick={() => setCalling(cut)}>
                  {w.call}
                </Button>
                <Execute cut={cut} field={field} />
              </>
            )}
          </Flex>
        </Card>
      ))}
      {calling && <CallSheet cut={calling} field={field} close={() => setCalling(undefined)} />}
      {confirming && <ConfirmSheet cut={confirming} field={field} close={() => setConfirming(undefined)} />}
    </Flex>
  );
}
