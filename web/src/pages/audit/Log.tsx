// The audit log: every line unfolds to what was there before and after, field by field.

import { operations } from "virtual:operations";
import { Alert, Table, Tag, Typography } from "antd";
import type { Schema } from "@/api";
import { AccountLink, Day, type Filter, ListPage } from "@/parts";
import { useLanguage, useSubject, useWords } from "@/words";
import { fieldsOf } from "./fields";
import { marks } from "./marks";
import { words } from "./words";

type Line = Schema<"AuditLine">;

const ACTIONS: Record<string, readonly [zh: string, en: string]> = { ...operations, ...marks };

/** What was done, in words; `PUT person_edit` is the operation `person_edit`. */
function useAction(): (action: string) => string {
  const w = useWords(words);
  const { language } = useLanguage();
  return (action) => {
    const known = ACTIONS[action.split(" ").at(-1) ?? ""];
    return action === "look" ? w.look : (known?.[language === "zh" ? 0 : 1] ?? action);
  };
}

/** What was touched: a path of the API, or a thing with its number. */
function Touched({ line }: { line: Line }) {
  const about = useSubject();
  const text = line.source === "change" ? line.subject.replace(/^\/api\/v1/, "") : about(line.subject);
  return <span style={{ overflowWrap: "anywhere" }}>{text}</span>;
}

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
  const said = useAction();
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
    {
      key: "action",
      label: w.action,
      kind: "select",
      options: Object.keys(ACTIONS).map((value) => ({ value, label: said(value) })),
      width: 220,
    },
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
        {
          key: "action",
          title: w.action,
          width: 240,
          render: (line) => (
            <Typography.Text title={line.action} style={{ whiteSpace: "normal" }}>
              {said(line.action)}
            </Typography.Text>
          ),
        },
        { key: "subject", title: w.subject, width: 260, render: (line) => <Touched line={line} /> },
        { key: "account_no", title: w.account, render: (line) => <AccountLink no={line.account_no} /> },
      ]}
    />
  );
}
