// Notices to be served: with a signature, left with a photograph, or refused with a record.

import { Button, Card, Empty, Flex, Form, Input, Select, Tag, Typography } from "antd";
import { useState } from "react";
import type { Schema } from "@/api";
import { useNames, useOptions, useWords } from "@/words";
import { type DeedFile, Photo, PlaceField, Signature } from "./Capture";
import { Sheet } from "./Sheet";
import type { Field, Place } from "./useField";
import { words } from "./words";

type Notice = Schema<"NoticeWork">;
type Way = Schema<"ServiceWay">;
type Role = Schema<"SignerRole">;

const keyOf = (notice: Notice) => `${notice.account_no} ${notice.notice_no}`;
const ALL: Way[] = ["signed", "left", "posted", "dropped"];

interface ServeForm {
  way: Way;
  signer?: string;
  role: Role;
  witness?: string;
  signature?: DeedFile;
  photo?: DeedFile;
  place?: Place;
}

function ServeSheet({ notice, field, close }: { notice: Notice; field: Field; close: () => void }) {
  const w = useWords(words);
  const roles = useOptions("signerRole");
  const [form] = Form.useForm<ServeForm>();
  const ways = notice.ways.length > 0 ? ALL.filter((way) => notice.ways.includes(way)) : ALL;
  const way = Form.useWatch("way", form) ?? ways[0];
  const names = w.ways as Record<string, string>;
  return (
    <Sheet<ServeForm>
      title={`${w.serve} · ${notice.address}`}
      form={form}
      initial={{ way: ways[0] ?? "signed", role: "self" }}
      close={close}
      save={(values) =>
        field.record(
          notice.account_no,
          {
            kind: "notice_served",
            notice_no: notice.notice_no,
            way: values.way,
            signer: values.signer ? { name: values.signer, role: values.role } : null,
            witness: values.witness ?? null,
            note: null,
            signature: values.signature ?? null,
            photo: values.photo ?? null,
          },
          values.place,
        )
      }
    >
      <Form.Item name="way" label={w.way}>
        <Select options={ways.map((value) => ({ value, label: names[value] }))} />
      </Form.Item>
      {way === "signed" && (
        <>
          <Form.Item name="signer" label={w.signer} rules={[{ required: true, message: w.signer }]}>
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="role" label={w.signerRole}>
            <Select options={roles} />
          </Form.Item>
          <Form.Item
            name="signature"
            label={w.signature}
            rules={[{ required: true, message: w.needSignature }]}
          >
            <Signature />
          </Form.Item>
        </>
      )}
      {way !== "signed" && (
        <Form.Item
          name="witness"
          label={w.witness}
          dependencies={["photo"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                value || getFieldValue("photo") || way === "dropped"
                  ? Promise.resolve()
                  : Promise.reject(new Error(w.needPhotoOrWitness)),
            }),
          ]}
        >
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
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

interface RefuseForm {
  signer?: string;
  role: Role;
  witness?: string;
  note: string;
  photo?: DeedFile;
  place?: Place;
}

function RefuseSheet({ notice, field, close }: { notice: Notice; field: Field; close: () => void }) {
  const w = useWords(words);
  const [form] = Form.useForm<RefuseForm>();
  return (
    <Sheet<RefuseForm>
      title={`${w.refuse} · ${notice.address}`}
      form={form}
      close={close}
      save={({ signer, witness, note, photo, place }) =>
        field.record(
          notice.account_no,
          {
            kind: "notice_refused",
            notice_no: notice.notice_no,
            signer: signer ? { name: signer, role: "self" } : null,
            witness: witness ?? null,
            note,
            photo: photo ?? null,
          },
          place,
        )
      }
    >
      <Form.Item name="signer" label={w.refusedBy}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="witness" label={w.witness}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="note"
        label={w.refusalRecord}
        rules={[{ required: true, whitespace: true, message: w.refusalRecord }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2 }} />
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

/** The list; what was served on this phone goes from it at once. */
export function Notices({ field }: { field: Field }) {
  const w = useWords(words);
  const name = useNames();
  const [serving, setServing] = useState<Notice>();
  const [refusing, setRefusing] = useState<Notice>();
  const done = new Set(
    field.deeds.flatMap(({ deed, state }) =>
      deed.act.kind === "notice_served" && state !== "refused"
        ? [`${deed.account_no} ${deed.act.notice_no}`]
        : [],
    ),
  );
  const shown = (field.work?.notices ?? []).filter((notice) => !done.has(keyOf(notice)));
  return (
    <Flex vertical gap={12}>
      {shown.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noWork} />}
      {shown.map((notice) => (
        <Card
          key={keyOf(notice)}
          size="small"
          title={notice.address}
          extra={<Tag>{name("noticeChannel", notice.channel)}</Tag>}
        >
          <div>{name("noticeKind", notice.kind)}</div>
          <div>
            {notice.customer} · <span className="dh-num">{notice.account_no}</span>
          </div>
          <Typography.Text type="secondary">
            {w.amount(String(notice.amount))} · {w.dueBy(notice.due_by)}
          </Typography.Text>
          <Flex gap={8} style={{ marginTop: 8 }}>
            <Button type="primary" size="large" block onClick={() => setServing(notice)}>
              {w.serve}
            </Button>
            <Button size="large" onClick={() => setRefusing(notice)}>
              {w.refuse}
            </Button>
          </Flex>
        </Card>
      ))}
      {serving && <ServeSheet notice={serving} field={field} close={() => setServing(undefined)} />}
      {refusing && <RefuseSheet notice={refusing} field={field} close={() => setRefusing(undefined)} />}
    </Flex>
  );
}
