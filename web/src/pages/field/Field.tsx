// 现场作业 on a phone: works without a line, and always says what is still on the phone.

import { CloudSyncOutlined, WifiOutlined } from "@ant-design/icons";
import { Alert, Badge, Button, Card, Empty, Flex, Segmented, Spin, Tag, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { Choices } from "@/app/Choices";
import { Login } from "@/app/Login";
import { ProblemNote } from "@/parts";
import { useSay, useWords } from "@/words";
import { Cuts } from "./Cuts";
import { Meters } from "./Meters";
import { Notices } from "./Notices";
import { type Field, useField, useShell } from "./useField";
import { words } from "./words";

type Part = "meters" | "notices" | "cuts" | "records";

function State({ field }: { field: Field }) {
  const w = useWords(words);
  const waiting = field.deeds.filter((kept) => kept.state === "waiting").length;
  return (
    <Flex gap={8} align="center" wrap role="status">
      <Tag icon={<WifiOutlined />} color={field.online ? "green" : "orange"}>
        {field.online ? w.online : w.offline}
      </Tag>
      <Tag color={waiting > 0 ? "orange" : "default"}>{waiting > 0 ? w.waiting(waiting) : w.allSynced}</Tag>
      {field.work && (
        <Typography.Text type="secondary">
          {w.madeAt(field.work.made_at.replace("T", " ").slice(0, 16))}
        </Typography.Text>
      )}
    </Flex>
  );
}

function Records({ field }: { field: Field }) {
  const w = useWords(words);
  const say = useSay();
  const acts = w.acts as Record<string, string>;
  if (field.deeds.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noRecords} />;
  }
  const colours = { waiting: "orange", done: "green", refused: "red" };
  return (
    <Flex vertical gap={12}>
      {[...field.deeds].reverse().map((kept) => (
        <Card
          key={kept.id}
          size="small"
          title={`${acts[kept.deed.act.kind] ?? ""} · ${kept.deed.account_no}`}
          extra={<Tag color={colours[kept.state]}>{w.state[kept.state]}</Tag>}
        >
          <Typography.Text type="secondary">{kept.deed.happened_at.replace("T", " ")}</Typography.Text>
          {kept.answer?.text && (
            <Alert
              style={{ marginTop: 8 }}
              type="error"
              title={say(kept.answer.text)}
              {...(kept.answer.task ? { description: w.kept } : {})}
            />
          )}
          {kept.answer?.verdict.map((step) => (
            <Alert key={step.text.zh} style={{ marginTop: 8 }} type="warning" title={say(step.text)} />
          ))}
        </Card>
      ))}
      <Button onClick={field.forget}>{w.forget}</Button>
    </Flex>
  );
}

/** The page. */
export default function FieldPage() {
  const w = useWords(words);
  const field = useField();
  useShell();
  const [chosen, setChosen] = useState<Part>();
  if (field.me === null && field.online) {
    return <Login />;
  }
  if (!field.ready) {
    return <Spin aria-label={w.syncing} style={{ display: "block", margin: "96px auto" }} />;
  }
  const { work } = field;
  const first: Part =
    !work || work.meters.length > 0 ? "meters" : work.notices.length > 0 ? "notices" : "cuts";
  const part = chosen ?? first;
  const label = (name: string, count: number) => (
    <span>
      {name} {count > 0 && <Badge count={count} overflowCount={999} size="small" />}
    </span>
  );
  return (
    <main style={{ maxWidth: 560, margin: "0 auto", padding: 12 }}>
      <Flex justify="space-between" align="center">
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {w.title}
        </Typography.Title>
        <Flex align="center">
          <Choices />
          <Link to="/home">{w.console}</Link>
        </Flex>
      </Flex>
      <Flex vertical gap={12} style={{ marginTop: 8 }}>
        <Flex justify="space-between" align="center" gap={8}>
          <State field={field} />
          <Button
            icon={<CloudSyncOutlined />}
            loading={field.busy}
            disabled={!field.online}
            onClick={field.sync}
          >
            {w.sync}
          </Button>
        </Flex>
        {!field.online && <Alert type="info" showIcon title={w.offlineHint} />}
        {field.problem && <ProblemNote problem={field.problem} />}
        {!work && !field.busy && <Alert type="warning" title={w.noPackage} />}
        <Segmented<Part>
          block
          size="large"
          aria-label={w.title}
          value={part}
          onChange={setChosen}
          options={[
            { value: "meters", label: label(w.meters, work?.meters.length ?? 0) },
            { value: "notices", label: label(w.notices, work?.notices.length ?? 0) },
            { value: "cuts", label: label(w.cuts, work?.cuts.length ?? 0) },
            { value: "records", label: label(w.records, field.deeds.length) },
          ]}
        />
        {part === "meters" && <Meters field={field} />}
        {part === "notices" && <Notices field={field} />}
        {part === "cuts" && <Cuts field={field} />}
        {part === "records" && <Records field={field} />}
      </Flex>
    </main>
  );
}
