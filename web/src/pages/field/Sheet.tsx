// A form of a deed: over the whole phone, with one button at the end.

import { Button, Drawer, Flex, Form, type FormInstance } from "antd";
import { type ReactNode, useState } from "react";
import { useWords } from "@/words";
import { words } from "./words";

interface Props<T> {
  title: string;
  form: FormInstance<T>;
  initial?: Partial<T>;
  save: (values: T) => Promise<void>;
  close: () => void;
  children: ReactNode;
}

/** The form; it closes when the deed is written down. */
export function Sheet<T extends object>({ title, form, initial, save, close, children }: Props<T>) {
  const w = useWords(words);
  const [busy, setBusy] = useState(false);
  return (
    <Drawer
      open
      title={title}
      placement="bottom"
      styles={{ wrapper: { height: "92%" } }}
      onClose={close}
      destroyOnHidden
    >
      <Form<T>
        form={form}
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={initial ?? {}}
        onFinish={async (values) => {
          setBusy(true);
          await save(values);
          close();
        }}
      >
        {children}
        <Flex gap={8} style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" block loading={busy}>
            {w.save}
          </Button>
          <Button onClick={close}>{w.cancel}</Button>
        </Flex>
      </Form>
    </Drawer>
  );
}
