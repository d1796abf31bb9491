// Handing in a proof: what it proves, how it happened, and its file.

import { Form, Input, InputNumber, Select, Space } from "antd";
import type { Schema } from "@/api";
import { useSend } from "@/api";
import { EditDrawer, FileDrop, MomentField } from "@/parts";
import { useOptions, useWords } from "@/words";
import { words } from "./words";

interface Fields {
  kind: Schema<"EvidenceKind">;
  about: string;
  no: number;
  happened_at?: string;
  outcome?: Schema<"Outcome">;
  signer?: string;
  signer_role?: Schema<"SignerRole">;
  place?: string;
  reference?: string;
  witness?: string;
  note?: string;
  file?: File;
}

interface Props {
  accountNo: string;
  open: boolean;
  close: () => void;
}

/** The form. A proof is never changed afterwards: a further one corrects it. */
export function EvidenceForm({ accountNo, open, close }: Props) {
  const w = useWords(words);
  const kinds = useOptions("evidenceKind");
  const subjects = useOptions("proofSubject");
  const outcomes = useOptions("outcome");
  const signers = useOptions("signerRole");
  const keep = useSend("post", "/accounts/{account_no}/evidence");
  const submit = ({ about, no, file, ...rest }: Fields) =>
    keep.run({
      path: { account_no: accountNo },
      query: { ...rest, subject: `${about}:${no}`, ...(file ? { file_name: file.name } : {}) },
      ...(file ? { file } : {}),
    });
  const required = [{ required: true, message: w.needed }];
  return (
    <EditDrawer<Fields>
      open={open}
      close={close}
      title={w.keepProof}
      submit={submit}
      initial={{ about: "notice" }}
    >
      <Form.Item name="kind" label={w.kind} rules={required}>
        <Select options={kinds} showSearch={{ optionFilterProp: "label" }} />
      </Form.Item>
      <Form.Item label={w.subject} required>
        <Space.Compact block>
          <Form.Item name="about" noStyle rules={required}>
            <Select options={subjects} aria-label={w.subject} style={{ width: 180 }} />
          </Form.Item>
          <Form.Item name="no" noStyle rules={required}>
            <InputNumber min={1} precision={0} aria-label={w.evidenceNo} style={{ width: "100%" }} />
          </Form.Item>
        </Space.Compact>
      </Form.Item>
      <Form.Item name="happened_at" label={w.happenedAt} extra={w.nowWhenEmpty}>
        <MomentField />
      </Form.Item>
      <Form.Item name="place" label={w.place}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="signer" label={w.signerName}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="signer_role" label={w.signer}>
        <Select options={signers} allowClear />
      </Form.Item>
      <Form.Item name="outcome" label={w.outcome}>
        <Select options={outcomes} allowClear />
      </Form.Item>
      <Form.Item name="reference" label={w.reference}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="witness" label={w.witness}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="note" label={w.note}>
        <Input.TextArea maxLength={500} autoSize />
      </Form.Item>
      <Form.Item name="file" label={w.file}>
        <FileDrop accept="image/*,application/pdf,audio/*,video/*" />
      </Form.Item>
    </EditDrawer>
  );
}
