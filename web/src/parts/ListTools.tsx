// Around a list: which columns, which page, export.

import { DownloadOutlined, LeftOutlined, RightOutlined, SettingOutlined } from "@ant-design/icons";
import { App, Button, Checkbox, Dropdown, Flex, Popover, Select } from "antd";
import { useState } from "react";
import { asProblem, download, type Listed } from "@/api";
import type { Sent } from "@/api/client";
import { useSay, useWords } from "@/words";
import { words } from "./words";

/** A choice that this browser keeps. */
export function useKept<T>(name: string, usual: T): [T, (value: T) => void] {
  const key = `denghuo.${name}`;
  const [value, setValue] = useState<T>(() => {
    const kept = localStorage.getItem(key);
    try {
      return kept === null ? usual : (JSON.parse(kept) as T);
    } catch {
      return usual;
    }
  });
  return [
    value,
    (next) => {
      localStorage.setItem(key, JSON.stringify(next));
      setValue(next);
    },
  ];
}

/** Which columns are shown. */
export function ColumnChoice(props: {
  columns: { key: string; title: string }[];
  shown: string[];
  choose: (shown: string[] | null) => void;
}) {
  const { columns, shown, choose } = props;
  const w = useWords(words);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Flex vertical gap={4}>
          <Checkbox.Group
            value={shown}
            onChange={(next) => next.length > 0 && choose(next.map(String))}
            style={{ display: "flex", flexDirection: "column" }}
            options={columns.map((column) => ({ value: column.key, label: column.title }))}
          />
          <Button type="link" size="small" onClick={() => choose(null)}>
            {w.resetColumns}
          </Button>
        </Flex>
      }
    >
      <Button icon={<SettingOutlined />} aria-label={w.columns} title={w.columns} />
    </Popover>
  );
}

/** The whole list as a file, with the filters that are set. */
export function ExportMenu({ path, sent, name }: { path: string; sent: Sent; name: string }) {
  const w = useWords(words);
  const say = useSay();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const take = async (format: string) => {
    setBusy(true);
    try {
      await download(path, { ...sent, query: { ...sent.query, format } }, `${name}.${format}`);
    } catch (thrown) {
      message.error(`${w.exportFailed}: ${say(asProblem(thrown).detail)}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "csv", label: "CSV" },
          { key: "xlsx", label: "Excel (XLSX)" },
          { key: "parquet", label: "Parquet" },
        ],
        onClick: ({ key }) => take(key),
      }}
    >
      <Button icon={<DownloadOutlined />} loading={busy} aria-label={w.export} title={w.export} />
    </Dropdown>
  );
}

/** Back and forth through the pages. Nothing is shown for a list that fits on one. */
export function Pager<Row>(props: { list: Listed<Row>; size: number; setSize: (size: number) => void }) {
  const { list, size, setSize } = props;
  const w = useWords(words);
  if (list.page === 1 && !list.hasNext && list.rows.length <= 20) {
    return null;
  }
  return (
    <Flex gap={8} align="center" justify="end" style={{ marginTop: 12 }}>
      <Select
        size="small"
        aria-label={w.rows}
        value={size}
        onChange={setSize}
        options={[20, 50, 100, 200].map((value) => ({ value, label: `${w.rows} ${value}` }))}
      />
      <Button
        size="small"
        icon={<LeftOutlined />}
        aria-label={w.previous}
        disabled={list.page === 1}
        onClick={list.previous}
      />
      <span className="dh-num" role="status">
        {w.page(list.page)}
      </span>
      <Button
        size="small"
        icon={<RightOutlined />}
        aria-label={w.next}
        disabled={!list.hasNext}
        onClick={list.next}
      />
    </Flex>
  );
}
