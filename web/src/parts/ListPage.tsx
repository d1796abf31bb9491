// A list of the API on a page: cursor paging, filters in the address, sort, chosen columns, export, the keyboard.

import { ReloadOutlined } from "@ant-design/icons";
import { Button, Card, Empty, Flex, Table } from "antd";
import type { ColumnsType, TableProps } from "antd/es/table";
import { type Key, type ReactNode, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { type ListPath, type Operation, type RowOf, useList } from "@/api";
import type { ListArgs } from "@/api/types";
import { type Text, useSay, useWords } from "@/words";
import { PageHead } from "./DetailPage";
import { type Filter, FilterBar, filterValues } from "./ListFilters";
import { ColumnChoice, ExportMenu, Pager, useKept } from "./ListTools";
import { ProblemNote } from "./ProblemNote";
import { below } from "./SmallTable";
import { words } from "./words";

export type { Filter } from "./ListFilters";

/** A column of a list. */
export interface Column<Row> {
  /** Also the name under which the choice is kept. */
  key: string;
  title: string;
  /** The cell; the field named like the key when there is none. */
  render?: (row: Row) => ReactNode;
  align?: "left" | "right" | "center";
  width?: number;
  /** Not shown until chosen. */
  hidden?: boolean;
  /** The word that the endpoint's `sort` takes for it. */
  sort?: string;
}

interface Props<P extends ListPath> {
  /** The list of the API. */
  path: P;
  /** Its path parameters and fixed query. */
  args?: ListArgs<Operation<P, "get">>;
  columns: Column<RowOf<P>>[];
  rowKey: (row: RowOf<P>) => Key;
  /** Name under which column choice and page size are kept. */
  name: string;
  /** Filters by the query parameters of the endpoint. */
  filters?: Filter[];
  /** Without a title it is a part of a page: no head, no card of its own filters in the address. */
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  /** Where a row leads: click or Enter. */
  rowPath?: (row: RowOf<P>) => string | undefined;
  /** Or what a row does. */
  onRow?: (row: RowOf<P>) => void;
  /** Lets rows be chosen and shows what can be done with them. */
  bulk?: (rows: RowOf<P>[], clear: () => void) => ReactNode;
  /** Below a row, when it is unfolded. */
  expand?: (row: RowOf<P>) => ReactNode;
  /** Above the table: totals, a chart. */
  above?: (rows: RowOf<P>[]) => ReactNode;
  canExport?: boolean;
  empty?: ReactNode;
}

/** The list. */
export function ListPage<P extends ListPath>(props: Props<P>) {
  type Row = RowOf<P>;
  const {
    path,
    args,
    columns,
    rowKey,
    name,
    filters = [],
    title,
    note,
    actions,
    bulk,
    expand,
    above,
  } = props;
  const w = useWords(words);
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [size, setSize] = useKept<number>(`list.${name}.size`, 50);
  const [shown, setShown] = useKept<string[] | null>(`list.${name}.columns`, null);
  const [chosen, setChosen] = useState<Row[]>([]);
  // Two lists of a page share the address: one does not take the order of the other.
  const wanted = search.get("sort") ?? "";
  const sort = columns.some((column) => column.sort === wanted.replace(/^-/, "")) ? wanted : undefined;
  const given = (args ?? {}) as { path?: object; query?: object };
  const query = { ...given.query, ...filterValues(filters, search), ...(sort ? { sort } : {}) };
  const asked = { path: given.path, query } as unknown as ListArgs<Operation<P, "get">>;
  const list = useList(path, asked, size);

  const set = (key: string, value: string | undefined) =>
    setSearch(
      (now) => {
        value === undefined ? now.delete(key) : now.set(key, value);
        return now;
      },
      { replace: true },
    );

  const isShown = (column: Column<Row>) => (shown ? shown.includes(column.key) : !column.hidden);
  const act = (row: Row) => {
    const to = props.rowPath?.(row);
    if (to) {
      navigate(to);
    }
    props.onRow?.(row);
  };
  const acts = props.rowPath !== undefined || props.onRow !== undefined;
  const clear = () => setChosen([]);
  const table: ColumnsType<Row> = columns.filter(isShown).map((column) => ({
    key: column.key,
    title: column.title,
    ...(column.align ? { align: column.align } : {}),
    ...(column.width ? { width: column.width } : {}),
    render: (_: unknown, row: Row) =>
      column.render ? column.render(row) : text((row as Record<string, unknown>)[column.key]),
    ...(column.sort
      ? {
          sorter: true,
          sortOrder: sort === column.sort ? "ascend" : sort === `-${column.sort}` ? "descend" : null,
        }
      : {}),
  }));

  const onChange: TableProps<Row>["onChange"] = (_, __, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    const word = columns.find((column) => column.key === one?.columnKey)?.sort;
    set("sort", one?.order && word ? (one.order === "descend" ? `-${word}` : word) : undefined);
  };

  const tools = (
    <Flex gap={8} wrap justify="space-between" align="center" style={{ marginBottom: 12 }}>
      <FilterBar filters={filters} search={search} set={set} />
      <Flex gap={8}>
        <Button
          icon={<ReloadOutlined />}
          aria-label={w.refresh}
          title={w.refresh}
          onClick={() => list.again()}
        />
        <ColumnChoice columns={columns} shown={columns.filter(isShown).map((c) => c.key)} choose={setShown} />
        {props.canExport !== false && (
          <ExportMenu path={path} sent={{ path: given.path, query }} name={name} />
        )}
      </Flex>
    </Flex>
  );

  const inner = (
    <>
      {tools}
      {above?.(list.rows)}
      {bulk && chosen.length > 0 && (
        <Flex gap={8} wrap align="center" style={{ marginBottom: 12 }} role="status">
          <span>{w.selected(chosen.length)}</span>
          <Button type="link" size="small" onClick={clear}>
            {w.unselect}
          </Button>
          {bulk(chosen, clear)}
        </Flex>
      )}
      <ProblemNote problem={list.problem} again={list.again} />
      <div className="dh-table">
        <Table<Row>
          size="small"
          rowKey={rowKey}
          dataSource={list.rows}
          loading={list.loading && list.rows.length === 0}
          columns={table}
          pagination={false}
          scroll={{ x: "max-content" }}
          showSorterTooltip={false}
          onChange={onChange}
          locale={{
            emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={props.empty ?? w.empty} />,
          }}
          {...(expand
            ? {
                expandable: below(expand),
              }
            : {})}
          {...(bulk
            ? {
                rowSelection: {
                  selectedRowKeys: chosen.map(rowKey),
                  onChange: (_: Key[], rows: Row[]) => setChosen(rows),
                },
              }
            : {})}
          {...(acts
            ? {
                onRow: (row: Row) => ({
                  className: "dh-row-link",
                  tabIndex: 0,
                  onClick: (event) => isPlain(event.target) && act(row),
                  onKeyDown: (event) => onRowKey(event, () => act(row)),
                }),
              }
            : {})}
        />
      </div>
      <Pager list={list} size={size} setSize={setSize} />
    </>
  );
  if (title === undefined) {
    return inner;
  }
  return (
    <>
      <PageHead title={title} note={note} actions={actions} />
      <Card size="small">{inner}</Card>
    </>
  );
}

/** A click on a link, a button or a field of a row is not a click on the row. */
function isPlain(target: EventTarget): boolean {
  return (
    target instanceof Element &&
    target.closest("a, button, input, label, .ant-select, .ant-modal-root") === null
  );
}

function onRowKey(event: React.KeyboardEvent<HTMLElement>, act: () => void) {
  if (event.target !== event.currentTarget) {
    return;
  }
  const step =
    event.key === "ArrowDown"
      ? "nextElementSibling"
      : event.key === "ArrowUp"
        ? "previousElementSibling"
        : null;
  if (step) {
    event.preventDefault();
    (event.currentTarget[step] as HTMLElement | null)?.focus();
  } else if (event.key === "Enter") {
    act();
  }
}

function text(value: unknown): ReactNode {
  if (value === null || value === undefined) {
    return "";
  }
  if (typeof value === "object" && "zh" in value) {
    return <Said text={value as Text} />;
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function Said({ text: both }: { text: Text }) {
  return useSay()(both);
}
