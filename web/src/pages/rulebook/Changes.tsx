// What the site's law says on one day and not on another.

import { Card, Empty, Flex, Form, Tag, Typography } from "antd";
import { useSearchParams } from "react-router";
import { type Schema, useGet } from "@/api";
import { useMe } from "@/app/session";
import { DayField, PageHead, ProblemNote } from "@/parts";
import { useWords } from "@/words";
import { Fields, RuleLink } from "./parts";
import { words } from "./words";

function Change({ change }: { change: Schema<"DayChangeLine"> }) {
  const w = useWords(words);
  return (
    <Card
      size="small"
      title={
        <Flex gap={8} align="center" wrap>
          <span>{change.topic}</span>
          <Tag>{change.jurisdiction}</Tag>
          {change.before && <RuleLink id={change.before} />}
          <span>→</span>
          {change.after ? <RuleLink id={change.after} /> : <Tag color="red">{w.ended}</Tag>}
          {!change.before && <Tag color="green">{w.begun}</Tag>}
        </Flex>
      }
    >
      <Typography.Paragraph type="secondary">{change.clause}</Typography.Paragraph>
      {change.fields.length > 0 && <Fields fields={change.fields} />}
    </Card>
  );
}

/** The comparison. */
export default function Changes() {
  const w = useWords(words);
  const me = useMe();
  const [search, setSearch] = useSearchParams();
  const from =
    search.get("from") ??
    `${Number(me.today.slice(0, 4)) - 1}${me.today.slice(4)}`.replace("-02-29", "-02-28");
  const to = search.get("to") ?? me.today;
  const asked = useGet("/rule-changes", { query: { from, to } }, { keep: true });
  const set = (key: string, value: string | undefined) => {
    const next = new URLSearchParams({ from, to });
    if (value) {
      next.set(key, value);
    }
    setSearch(next);
  };
  return (
    <>
      <PageHead title={w.changes} />
      <Form layout="inline" style={{ marginBottom: 16 }}>
        <Form.Item label={w.firstDay} htmlFor="from">
          <DayField value={from} onChange={(day) => set("from", day)} id="from" />
        </Form.Item>
        <Form.Item label={w.secondDay} htmlFor="to">
          <DayField value={to} onChange={(day) => set("to", day)} id="to" />
        </Form.Item>
      </Form>
      <ProblemNote problem={asked.problem} />
      <Flex vertical gap={12}>
        {asked.data?.changes.map((change) => (
          <Change
            key={`${change.topic}/${change.jurisdiction}/${change.before}/${change.after}`}
            change={change}
          />
        ))}
        {asked.data?.changes.length === 0 && <Empty description={w.nothing} />}
      </Flex>
    </>
  );
}
