// A secret that is shown once.

import { Alert, Modal, Typography } from "antd";
import { useWords } from "@/words";
import { words } from "./words";

/** A secret with what to do with it. */
export function Secret(props: {
  title: string;
  note: string;
  secret: string | undefined;
  close: () => void;
}) {
  const w = useWords(words);
  const { title, note, secret, close } = props;
  return (
    <Modal
      open={secret !== undefined}
      title={title}
      onOk={close}
      onCancel={close}
      okText={w.close}
      cancelButtonProps={{ style: { display: "none" } }}
    >
      <Alert type="warning" showIcon title={note} style={{ marginBottom: 16 }} />
      <Typography.Text
        code
        copyable={{ text: secret ?? "" }}
        data-testid="secret"
        style={{ wordBreak: "break-all" }}
      >
        {secret}
      </Typography.Text>
    </Modal>
  );
}
