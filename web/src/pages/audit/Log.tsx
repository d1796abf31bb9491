// The audit log: every line unfolds to what was there before and after, field by field.

import { Alert, Table, Tag } from "antd";
import type { Schema } from "@/api";
import { AccountLink, Day, type Filter, ListPage } from "@/parts";
import { useWords } from "@/words";
import { fieldsOf } from "./fields";
import { words } from "./words";

type Line = Schema<"AuditLine">;

function Compared({ line }: { line: Line }) {
  const w = useWords(words);
  if (line.kept_back) {
    return <Alert type="info" showIcon title={w.keptBack} />;
  }
  const fields = fieldsOf(line.before, line.after);
  if (fields.length === 0) {
    return <>{w.nothing}</>;
  }
  const isEdit = line.before !== null && line.before !== undefined;
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="field"
      dataSource={fields}
      aria-label={w.detail}
      columns={[
        { key: "field", title: w.field, dataIndex: "field", width: 240 },
        ...(isEdit
          ? [
              {
                key: "before",
                title: w.before,
                render: (_: unknown, row: (typeof fields)[number]) => (
                  <span style={row.differs ? { textDecoration: "line-through" } : undefined}>
                    {row.before}
                  </span>
                ),
              },
            ]
          : []),
        {
          key: "after",
          title: isEdit ? w.after : w.sent,
          render: (_: unknown, row: (typeof fields)[number]) =>
            row.differs && isEdit ? <strong>{row.after}</strong> : row.after,
        },
      ]}
    />
  );
}

/** The log. */
export default function Log() {
  const w = useWords(words);
  const sources: Record<Line["source"], string> = { change: w.change, mark: w.mark, look: w.look };
  const filters: Filter[] = [
    {
      key: "source",
      label: w.source,
      kind: "select",
      options: Object.entries(sources).map(([value, label]) => ({ value, label })),
      width: 180,
    },
    { key: "who", label: w.who, kind: "text" },
    { key: "action", label: w.action, kind: "text" },
    { key: "account_no", label: w.account, kind: "text" },
    { key: "from", label: w.from, kind: "day" },
    { key: "until", label: w.until, kind: "day" },
  ];
  return (
    <ListPage
      path="/audit"
      name="audit"
      title={w.log}
      filters={filters}
      rowKey={(line) =>
        `${line.at}/${line.source}/${line.who}/${line.action}/${line.subject}/${line.account_no}`
      }
      expand={(line) => <Compared line={line} />}
      columns={[
        { key: "at", title: w.at, sort: "at", width: 150, render: (line) => <Day value={line.at} /> },
        { key: "source", title: w.source, render: (line) => <Tag>{sources[line.source]}</Tag> },
        { key: "who", title: w.who },
        { key: "action", title: w.action },
        {
          key: "subject",
          title: w.subject,
          render: (line) => <span style={{ wordBreak: "break-all" }}>{line.subject}</span>,
        },
        { key: "account_no", title: w.account, render: (line) => <AccountLink no={line.account_no} /> },
      ]}
    />
  );
}
