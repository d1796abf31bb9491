// The bad cells of a file that was handed in.

import { Table } from "antd";
import type { ApiProblem } from "@/api/problem";
import { useSay, useWords } from "@/words";
import { words } from "./words";

/** Line, column, what stands there and what is wrong with it. */
export default function BadCells({ cells }: { cells: ApiProblem["cells"] }) {
  const w = useWords(words);
  const say = useSay();
  return (
    <Table
      size="small"
      style={{ marginTop: 8 }}
      rowKey={(cell) => `${cell.line}/${cell.column}/${cell.zh}`}
      dataSource={cells}
      scroll={{ x: "max-content", y: 320 }}
      pagination={false}
      columns={[
        { title: w.line, dataIndex: "line" },
        { title: w.column, dataIndex: "column" },
        { title: w.value, dataIndex: "value" },
        { title: w.wrong, render: (_, cell) => say(cell) },
      ]}
    />
  );
}
