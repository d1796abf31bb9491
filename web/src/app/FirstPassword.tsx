// Changing a password: forced before anything else for a first one, and from the menu of one's own account.

import { App, Button, Flex, Form, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { asProblem } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { ProblemNote } from "@/parts/ProblemNote";
import { useWords } from "@/words";
import { Alone } from "./Login";
import { useSession } from "./session";
import { words } from "./words";

interface Fields {
  old: string;
  next: string;
  again: string;
}

function PasswordForm({ done, extra }: { done: () => void; extra?: React.ReactNode }) {
  const w = useWords(words);
  const { changePassword } = useSession();
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(false);
  const submit = async ({ old, next }: Fields) => {
    setBusy(true);
    try {
      await changePassword(old, next);
      done();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  const required = [{ required: true, message: w.needPassword }];
  return (
    <Form<Fields> layout="vertical" onFinish={submit} requiredMark={false}>
      <Form.Item name="old" label={w.oldPassword} rules={required}>
        <Input.Password autoFocus autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Form.Item name="next" label={w.newPassword} rules={required}>
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Form.Item
        name="again"
        label={w.repeatPassword}
        dependencies={["next"]}
        rules={[
          ...required,
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || getFieldValue("next") === value
                ? Promise.resolve()
                : Promise.reject(new Error(w.notSame)),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <ProblemNote problem={problem} />
      <Flex gap={8} justify="end">
        {extra}
        <Button type="primary" htmlType="submit" loading={busy}>
          {w.save}
        </Button>
      </Flex>
    </Form>
  );
}

/** Stands before everything while the first password is not changed. */
export function FirstPassword() {
  const w = useWords(words);
  const { signOut } = useSession();
  const { message } = App.useApp();
  return (
    <Alone title={w.firstPassword}>
      <Typography.Paragraph>{w.firstPasswordWhy}</Typography.Paragraph>
      <PasswordForm
        done={() => message.success(w.passwordChanged)}
        extra={<Button onClick={signOut}>{w.signOut}</Button>}
      />
    </Alone>
  );
}

/** The same over a page. */
export function PasswordModal({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const { message } = App.useApp();
  return (
    <Modal open={open} title={w.changePassword} onCancel={close} footer={null} destroyOnHidden>
      <PasswordForm
        done={() => {
          message.success(w.passwordChanged);
          close();
        }}
        extra={<Button onClick={close}>{w.cancel}</Button>}
      />
    </Modal>
  );
}
