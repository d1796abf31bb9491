// What the pages about rules share: fields that differ, the check of a file, confidence.

import { Alert, Flex, Table, Tag, Typography } from "antd";
import { Link } from "react-router";
import type { Schema } from "@/api";
import { useWords } from "@/words";
import { words } from "./words";

type FieldLine = Schema<"FieldLine">;

/** Fields with the old and the new value. */
export function Fields({ fields }: { fields: FieldLine[] }) {
  const w = useWords(words);
  return (
    <Table<FieldLine>
      size="small"
      pagination={false}
      rowKey="field"
      dataSource={fields}
      columns={[
        { key: "field", title: w.field, dataIndex: "field", width: 260 },
        {
          key: "before",
          title: w.before,
          render: (_, row) => (
            <Typography.Text delete={Boolean(row.before)}>{row.before ?? "–"}</Typography.Text>
          ),
        },
        {
          key: "after",
          title: w.after,
          render: (_, row) => <Typography.Text strong>{row.after ?? "–"}</Typography.Text>,
        },
      ]}
    />
  );
}

const COLOURS: Record<string, string> = { H: "green", M: "blue", L: "orange" };

/** How sure the book is. */
export function Confidence({ letter }: { letter: string }) {
  return <Tag color={COLOURS[letter] ?? "default"}>{letter}</Tag>;
}

/** A rule's id, leading to it. */
export function RuleLink({ id }: { id: string }) {
  return (
    <Link to={`/rulebook/rules/${encodeURIComponent(id)}`} onClick={(event) => event.stopPropagation()}>
      {id}
    </Link>
  );
}

/** What the book would be with a changed file. */
export function Check({ check }: { check: Schema<"FileCheck"> }) {
  const w = useWords(words);
  const list = (title: string, ids: string[]) =>
    ids.length > 0 && (
      <div>
        <Typography.Text type="secondary">{title}: </Typography.Text>
        {ids.map((id) => (
          <Tag key={id}>{id}</Tag>
        ))}
      </div>
    );
  return (
    <Flex vertical gap={8}>
      {check.ok ? (
        <Alert type="success" showIcon title={w.sound} role="status" />
      ) : (
        <Alert
          type="error"
          showIcon
          title={w.wrong}
          description={check.errors.map((error) => <div key={error}>{error}</div>)}
        />
      )}
      {list(w.adds, check.added)}
      {list(w.removes, check.removed)}
      {check.changed.map((rule) => (
        <div key={rule.id}>
          <Typography.Text type="secondary">{w.altered}: </Typography.Text>
          <RuleLink id={rule.id} />
          <Fields fields={rule.fields} />
        </div>
      ))}
    </Flex>
  );
}
