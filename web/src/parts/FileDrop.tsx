// A file to hand in: clicked for, dropped, or photographed on a phone.

import { InboxOutlined } from "@ant-design/icons";
import { Upload } from "antd";
import { useState } from "react";
import { useWords } from "@/words";
import { words } from "./words";

interface Props {
  /** The chosen file, or nothing. Works as the child of a `Form.Item`. */
  value?: File | undefined;
  onChange?: (file: File | undefined) => void;
  /** Such as `image/*,.pdf`. */
  accept?: string;
  /** MB at most. */
  largest?: number;
  hint?: string;
}

/** Takes one file and keeps it in the form; nothing is sent before the form is. */
export function FileDrop({ value, onChange, accept, largest = 20, hint }: Props) {
  const w = useWords(words);
  const [tooLarge, setTooLarge] = useState(false);
  return (
    <Upload.Dragger
      {...(accept ? { accept } : {})}
      maxCount={1}
      multiple={false}
      fileList={value ? [{ uid: "1", name: value.name, size: value.size, status: "done" }] : []}
      beforeUpload={(file) => {
        const over = file.size > largest * 1024 * 1024;
        setTooLarge(over);
        if (!over) {
          onChange?.(file);
        }
        return false;
      }}
      onRemove={() => onChange?.(undefined)}
    >
      <p style={{ margin: 0, fontSize: 24 }}>
        <InboxOutlined />
      </p>
      <p style={{ margin: 0 }}>{w.drop}</p>
      {hint && <p style={{ margin: 0, opacity: 0.7 }}>{hint}</p>}
      {tooLarge && <p role="alert">{w.tooLarge(largest)}</p>}
    </Upload.Dragger>
  );
}
