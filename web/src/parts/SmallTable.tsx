// A table of rows that are all there, as a part of a page. It scrolls within itself on a narrow screen.

import { Empty, Table, type TableProps } from "antd";
import type { ReactNode } from "react";
import { useWords } from "@/words";
import { words } from "./words";

interface Props<Row extends object> extends Omit<TableProps<Row>, "expandable" | "pagination" | "size"> {
  /** Below a row, when it is unfolded. */
  expand?: (row: Row) => ReactNode;
  /** Which rows can be unfolded; all when not given. */
  canExpand?: (row: Row) => boolean;
  empty?: string;
}

/** The table. */
export function SmallTable<Row extends object>({ expand, canExpand, empty, ...rest }: Props<Row>) {
  const w = useWords(words);
  return (
    <div className="dh-table">
      <Table<Row>
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty ?? w.empty} /> }}
        {...(expand ? { expandable: below(expand, canExpand) } : {})}
        {...rest}
      />
    </div>
  );
}

/** What unfolds is as wide as what is seen of the table. */
export function below<Row>(expand: (row: Row) => ReactNode, canExpand?: (row: Row) => boolean) {
  return {
    expandedRowRender: (row: Row) => <div className="dh-below">{expand(row)}</div>,
    ...(canExpand ? { rowExpandable: canExpand } : {}),
  };
}
