// Long work that goes on at the server: how far it is, asked again until it has ended. Leaving the page does not stop it.

import { Flex, Progress, Typography } from "antd";
import type { ReactNode } from "react";
import { useWords } from "@/words";
import { words } from "./words";

/** For `every` of useGet: asks each second until the work has ended. */
export function until<T>(
  ended: (data: T) => boolean,
  milliseconds = 1_000,
): (data: T | undefined) => number | false {
  return (data) => (data !== undefined && ended(data) ? false : milliseconds);
}

/** The progress of a run. */
export function Live(props: {
  done: number;
  total: number;
  state: "running" | "done" | "failed";
  note?: ReactNode;
  actions?: ReactNode;
}) {
  const { done, total, state, note, actions } = props;
  const w = useWords(words);
  const percent = total === 0 ? (state === "running" ? 0 : 100) : Math.floor((done / total) * 100);
  const status = state === "running" ? "active" : state === "done" ? "success" : "exception";
  return (
    <Flex gap={12} align="center" wrap>
      <Progress
        aria-label={w.progress}
        percent={percent}
        status={status}
        style={{ flex: 1, minWidth: 200 }}
      />
      <Typography.Text className="dh-num" role="status">
        {done} / {total}
      </Typography.Text>
      {note}
      {actions}
    </Flex>
  );
}
