// A form at the side of a page. It stays open with what was typed until the deed succeeded.

import { App, Button, Drawer, Flex, Form, type FormInstance } from "antd";
import { type ReactNode, useState } from "react";
import { asProblem } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { useWords } from "@/words";
import { ProblemNote } from "./ProblemNote";
import { words } from "./words";

interface Props<V extends object> {
  open: boolean;
  title: string;
  close: () => void;
  /** Sends it; a thrown problem is shown above the buttons. */
  submit: (values: V) => Promise<unknown>;
  initial?: Partial<V>;
  /** `Form.Item`s. A function gets the form. */
  children: ReactNode | ((form: FormInstance<V>) => ReactNode);
  /** The word on the button. */
  submitText?: string;
  danger?: boolean;
  done?: string | false;
  width?: number;
}

/** The drawer. Enter in a field submits, Esc closes. */
export function EditDrawer<V extends object>(props: Props<V>) {
  const { open, close, width = 480 } = props;
  // While it slides away its page has forgotten what it was about: it shows what it showed last.
  const [shown, setShown] = useState(props);
  if (open && shown !== props) {
    setShown(props);
  }
  const { title } = shown;
  return (
    <Drawer open={open} title={title} onClose={close} size={`min(${width}px, 100vw)`} destroyOnHidden>
      <Inside {...shown} />
    </Drawer>
  );
}

function Inside<V extends object>({ submit, close, initial, children, submitText, danger, done }: Props<V>) {
  const w = useWords(words);
  const [form] = Form.useForm<V>();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const finish = async (values: V) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await submit(values);
      if (done !== false) {
        message.success(done ?? w.done);
      }
      close();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<V>
      form={form}
      layout="vertical"
      onFinish={finish}
      {...(initial ? { initialValues: initial } : {})}
      scrollToFirstError={{ focus: true }}
    >
      {typeof children === "function" ? children(form) : children}
      <ProblemNote problem={problem} />
      <Flex gap={8} justify="end">
        <Button onClick={close}>{w.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={busy} danger={danger ?? false}>
          {submitText ?? w.save}
        </Button>
      </Flex>
    </Form>
  );
}
