// What went wrong, in the language shown, with its code and the bad cells of a file.

import { Alert, Button, Table, Typography } from "antd";
import type { ApiProblem } from "@/api/problem";
import { useSay, useWords } from "@/words";
import { words } from "./words";

/** Shows a problem; nothing when there is none. */
export function ProblemNote({ problem, again }: { problem: ApiProblem | undefined; again?: () => unknown }) {
  const w = useWords(words);
  const say = useSay();
  if (!problem) {
    return null;
  }
  return (
    <div role="alert" style={{ marginBlock: 12 }}>
      <Alert
        type="error"
        showIcon
        title={say(problem.detail)}
        description={
          <>
            {problem.isStale && <div>{w.staleHint}</div>}
            <Typography.Text type="secondary" style={{ fontSize: 12 }}>
              {w.code} {problem.code}
            </Typography.Text>
          </>
        }
        action={
          again && (
            <Button size="small" onClick={() => again()}>
              {w.retry}
            </Button>
          )
        }
      />
      {problem.cells.length > 0 && (
        <Table
          size="small"
          style={{ marginTop: 8 }}
          rowKey={(cell) => `${cell.line}/${cell.column}/${cell.zh}`}
          dataSource={problem.cells}
          scroll={{ x: "max-content", y: 320 }}
          pagination={false}
          columns={[
            { title: w.line, dataIndex: "line" },
            { title: w.column, dataIndex: "column" },
            { title: w.value, dataIndex: "value" },
            { title: w.wrong, render: (_, cell) => say(cell) },
          ]}
        />
      )}
    </div>
  );
}
