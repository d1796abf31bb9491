// Noting that a notice was served, with its receipt: a signature on the screen, a photo, a waybill.

import { Form, Input, Select } from "antd";
import { ApiProblem, useSend } from "@/api";
import { EditDrawer, FileDrop } from "@/parts";
import { useOptions, useWords } from "@/words";
import { Signature } from "./Signature";
import { words } from "./words";

interface Values {
  way: "signed" | "left" | "post" | "phone" | "posted" | "dropped";
  signer?: string;
  signer_role?: "self" | "adult_relative" | "other";
  place?: string;
  witness?: string;
  reference?: string;
  note?: string;
  signature?: File;
  photo?: File;
}

interface Props {
  path: { account_no: string; notice_no: number };
  open: boolean;
  close: () => void;
}

/** The drawer. */
export function ServeDrawer({ path, open, close }: Props) {
  const w = useWords(words);
  const ways = useOptions("serviceWay");
  const roles = useOptions("signerRole");
  const send = useSend("post", "/accounts/{account_no}/notices/{notice_no}/serve");
  const keep = useSend("post", "/accounts/{account_no}/notices/{notice_no}/photo");
  const submit = async ({ signature, photo, ...query }: Values) => {
    const signed = query.way === "signed" ? signature : undefined;
    const file = signed ?? photo;
    if (query.way === "signed" && !file) {
      throw new ApiProblem(-1, "console", { zh: words.zh.noProof, en: words.en.noProof });
    }
    if (signed && photo) {
      // Beside the signature the photograph is a proof of its own.
      const { place } = query;
      await keep.run({ path, query: { file_name: photo.name, ...(place ? { place } : {}) }, file: photo });
    }
    return send.run({ path, query: { ...query, ...(file ? { file_name: file.name } : {}) }, file });
  };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.serve}
      width={520}
      initial={{ way: "signed", signer_role: "self" }}
      submit={submit}
    >
      {(form) => (
        <>
          <Form.Item name="way" label={w.way} rules={[{ required: true }]}>
            <Select aria-label={w.way} options={ways} />
          </Form.Item>
          <Form.Item name="signer" label={w.signer}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="signer_role" label={w.signerRole}>
            <Select allowClear aria-label={w.signerRole} options={roles} />
          </Form.Item>
          <Form.Item name="place" label={w.place}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="witness" label={w.witness}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="reference" label={w.reference}>
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item noStyle shouldUpdate={(before, after) => before.way !== after.way}>
            {() =>
              form.getFieldValue("way") === "signed" && (
                <Form.Item name="signature" label={w.signature}>
                  <Signature />
                </Form.Item>
              )
            }
          </Form.Item>
          <Form.Item name="photo" label={w.photo}>
            <FileDrop accept="image/*,.pdf" hint={w.photoHint} />
          </Form.Item>
          <Form.Item name="note" label={w.note}>
            <Input maxLength={200} />
          </Form.Item>
        </>
      )}
    </EditDrawer>
  );
}
