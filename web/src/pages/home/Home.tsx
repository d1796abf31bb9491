// One's own work: lists by kind, the most urgent first, each leading to where it is done. A manager looks at any role.

import { Badge, Button, Card, Col, Empty, Flex, List, Row, Select, Statistic, Typography, theme } from "antd";
import { Link, useSearchParams } from "react-router";
import { type Role, type Schema, useGet } from "@/api";
import { taskPath } from "@/app/pages";
import { useHolds, useMay } from "@/app/session";
import { Day, DaysLeft, PageHead, ProblemNote } from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { words } from "./words";

type ToDo = Schema<"ToDo">;

/** The home page. */
export default function Home() {
  const w = useWords(words);
  const holds = useHolds();
  const may = useMay();
  const roles = useOptions("role");
  const [search, setSearch] = useSearchParams();
  const role = (search.get("role") ?? undefined) as Role | undefined;
  const home = useGet(
    "/home",
    { query: { role } as { role?: Role } },
    { enabled: may("see_tasks"), keep: true },
  );
  return (
    <>
      <PageHead
        title={w.title}
        note={<Day value={home.data?.today} />}
        actions={
          holds("manager") && (
            <Select
              aria-label={w.roleOf}
              style={{ width: 180 }}
              value={role ?? ""}
              onChange={(next: string) => setSearch(next === "" ? {} : { role: next })}
              options={[{ value: "", label: w.mine }, ...roles]}
            />
          )
        }
      />
      <ProblemNote problem={home.problem} again={home.again} />
      {home.data && (
        <>
          <Row gutter={[16, 16]} style={{ marginBottom: 16 }}>
            <Total title={w.open} value={home.data.open} />
            <Total title={w.late} value={home.data.late} danger={home.data.late > 0} />
            <Total title={w.lists} value={home.data.lists.length} />
          </Row>
          {home.data.lists.length === 0 && (
            <Card>
              <Empty description={w.nothing}>
                <Typography.Text type="secondary">{w.nothingHint}</Typography.Text>
              </Empty>
            </Card>
          )}
          <Row gutter={[16, 16]}>
            {home.data.lists.map((list) => (
              <Col key={list.kind} xs={24} xl={12}>
                <ToDoCard list={list} role={role} />
              </Col>
            ))}
          </Row>
        </>
      )}
    </>
  );
}

function Total({ title, value, danger = false }: { title: string; value: number; danger?: boolean }) {
  const { token } = theme.useToken();
  return (
    <Col xs={8} md={6} lg={4}>
      <Card size="small">
        <Statistic
          title={title}
          value={value}
          {...(danger ? { styles: { content: { color: token.colorError } } } : {})}
        />
      </Card>
    </Col>
  );
}

function ToDoCard({ list, role }: { list: ToDo; role: Role | undefined }) {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const all = `/home/tasks?kind=${list.kind}${role ? `&role=${role}` : ""}`;
  return (
    <Card
      size="small"
      title={
        <Flex gap={8} align="center">
          {name("taskKind", list.kind)}
          <Badge count={list.open} overflowCount={9999} color={list.late > 0 ? "red" : "blue"} />
          <DaysLeft days={list.days_left} />
        </Flex>
      }
      extra={
        <Link to={all}>
          <Button type="link" size="small">
            {w.all(list.open)}
          </Button>
        </Link>
      }
    >
      <List
        size="small"
        dataSource={list.first}
        rowKey={(task) => `${task.account_no}/${task.subject}`}
        renderItem={(task) => {
          const to = taskPath(task);
          const head = task.account_no ?? task.subject;
          return (
            <List.Item style={{ paddingInline: 0 }}>
              <Flex gap={8} align="baseline" style={{ width: "100%", minWidth: 0 }}>
                {to ? (
                  <Link className="dh-num" to={to}>
                    {head}
                  </Link>
                ) : (
                  <span className="dh-num">{head}</span>
                )}
                <Typography.Text
                  type="secondary"
                  ellipsis={{ tooltip: true }}
                  style={{ flex: 1, minWidth: 0 }}
                >
                  {[task.address, say(task.detail)].filter(Boolean).join(" · ")}
                </Typography.Text>
                <DaysLeft days={task.days_left} />
              </Flex>
            </List.Item>
          );
        }}
      />
    </Card>
  );
}
