// 禁停时段: a month with its protected days and why, and the windows that were declared.

import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Card, Col, Flex, Form, Input, Row, Select, Table, Tag, Typography, theme } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { type Schema, useGet, useList, useSend } from "@/api";
import { useMe } from "@/app/session";
import { ActionButton, Day, DayField, EditDrawer, PageHead, ProblemNote, RuleTag } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Windows() {
  const w = useWords(words);
  const kinds = useGet("/cut-windows/kinds", {});
  const [open, setOpen] = useState(false);
  const told = kinds.data;
  return (
    <>
      <PageHead
        title={w.windows}
        note={told?.not_after ? w.hours(told.not_before ?? "00:00", told.not_after) : undefined}
        actions={
          <ActionButton primary permission="propose_cuts" done={false} run={async () => setOpen(true)}>
            {w.declare}
          </ActionButton>
        }
      />
      <ProblemNote problem={kinds.problem} />
      <Row gutter={[12, 12]}>
        <Col xs={24} xl={12}>
          <Month />
        </Col>
        <Col xs={24} xl={12}>
          <Declared />
        </Col>
      </Row>
      <Declare open={open} close={() => setOpen(false)} kinds={told?.kinds ?? []} />
    </>
  );
}

function Month() {
  const { today } = useMe();
  const w = useWords(words);
  const say = useSay();
  const { token } = theme.useToken();
  const [month, setMonth] = useState(() => dayjs(today).startOf("month"));
  const days = month.daysInMonth();
  const list = useList("/cut-windows/calendar", { query: { from: month.format("YYYY-MM-DD"), days } }, 366);
  const closed = new Map(list.rows.map((row) => [row.on, row]));
  const lead = (month.day() + 6) % 7;
  const cells = [...Array(lead).keys()].map(() => undefined as string | undefined);
  for (let day = 0; day < days; day++) {
    cells.push(month.add(day, "day").format("YYYY-MM-DD"));
  }
  return (
    <Card
      size="small"
      title={`${w.calendar} ${month.format("YYYY-MM")}`}
      extra={
        <Flex gap={4}>
          <Button
            size="small"
            icon={<LeftOutlined />}
            aria-label={w.previous}
            onClick={() => setMonth(month.subtract(1, "month"))}
          />
          <Button
            size="small"
            icon={<RightOutlined />}
            aria-label={w.following}
            onClick={() => setMonth(month.add(1, "month"))}
          />
        </Flex>
      }
    >
      <ProblemNote problem={list.problem} again={list.again} />
      <div style={{ display: "grid", gridTemplateColumns: "repeat(7, minmax(0, 1fr))", gap: 4 }}>
        {w.weekdays.map((day) => (
          <Typography.Text key={day} type="secondary" style={{ textAlign: "center" }}>
            {day}
          </Typography.Text>
        ))}
        {cells.map((on, index) => {
          const no = on ? closed.get(on) : undefined;
          return (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: places of a month
              key={index}
              data-day={on}
              data-closed={no !== undefined}
              title={no ? say(no.why) : undefined}
              style={{
                textAlign: "center",
                paddingBlock: 6,
                borderRadius: 6,
                background: no ? token.colorErrorBg : on ? token.colorSuccessBg : undefined,
                color: token.colorText,
              }}
            >
              {on?.slice(8)}
            </div>
          );
        })}
      </div>
      <Table
        size="small"
        style={{ marginTop: 12 }}
        pagination={false}
        scroll={{ x: "max-content", y: 320 }}
        rowKey="on"
        dataSource={list.rows}
        columns={[
          { title: w.day, render: (_, row) => <Day value={row.on} /> },
          { title: w.reason, render: (_, row) => say(row.why) },
          { title: w.clause, render: (_, row) => row.clause && <RuleTag id={row.clause} /> },
        ]}
      />
    </Card>
  );
}

function Declared() {
  const w = useWords(words);
  const name = useNames();
  const list = useList("/cut-windows", {}, 200);
  const end = useSend("post", "/cut-windows/{window_no}/end");
  return (
    <Card size="small" title={w.declared}>
      <ProblemNote problem={list.problem} again={list.again} />
      <Table<Schema<"WindowTold">>
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        rowKey="window_no"
        dataSource={list.rows}
        columns={[
          { title: w.kind, render: (_, row) => name("cutWindow", row.kind) },
          { title: w.unit, render: (_, row) => row.org_name ?? w.wholeCompany },
          { title: w.from, render: (_, row) => <Day value={row.from_on} /> },
          { title: w.until, render: (_, row) => <Day value={row.until_on} /> },
          {
            title: w.state,
            render: (_, row) => (
              <Tag color={row.in_force ? "red" : "default"}>{row.in_force ? w.inForce : w.coming}</Tag>
            ),
          },
          { title: w.reason, dataIndex: "reason" },
          { title: w.declaredBy, dataIndex: "declared_by" },
          {
            title: w.end,
            render: (_, row) => (
              <ActionButton
                size="small"
                permission="approve_cuts"
                confirm
                run={() => end.run({ path: { window_no: row.window_no }, body: {} })}
              >
                {w.end}
              </ActionButton>
            ),
          },
        ]}
      />
    </Card>
  );
}

interface Values {
  kind: string;
  from_on: string;
  until_on: string;
  reason: string;
}

function Declare({ open, close, kinds }: { open: boolean; close: () => void; kinds: string[] }) {
  const w = useWords(words);
  const name = useNames();
  const declare = useSend("post", "/cut-windows");
  return (
    <EditDrawer<Values> open={open} title={w.declare} close={close} submit={(body) => declare.run({ body })}>
      <Form.Item name="kind" label={w.kind} rules={[{ required: true }]}>
        <Select options={kinds.map((kind) => ({ value: kind, label: name("cutWindow", kind) }))} />
      </Form.Item>
      <Form.Item name="from_on" label={w.from} rules={[{ required: true }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="until_on" label={w.until} rules={[{ required: true }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.why }]}>
        <Input.TextArea rows={3} />
      </Form.Item>
    </EditDrawer>
  );
}
