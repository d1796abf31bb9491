// Courses with their sessions, and certificates with their ends.

import { Button, Card, Flex, Form, Input, InputNumber, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { type Operation, type Schema, useGet, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import {
  ActionButton,
  Day,
  DayField,
  EditDrawer,
  type Filter,
  ListPage,
  PageHead,
  ProblemNote,
  SmallTable,
} from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { words } from "./words";

type Course = Schema<"CourseLine">;
type NewCourse = WriteArgs<Operation<"/courses", "post">>["body"];
type NewSession = WriteArgs<Operation<"/courses/{course}/sessions", "post">>["body"];

/** The page. */
export default function Training() {
  const w = useWords(words);
  const may = useMay();
  const asked = useGet("/courses", {});
  const [adding, setAdding] = useState(false);
  const [planning, setPlanning] = useState<Course>();
  return (
    <Flex vertical gap={12}>
      <PageHead
        title={w.training}
        actions={
          may("keep_training") && (
            <Button type="primary" onClick={() => setAdding(true)}>
              {w.addCourse}
            </Button>
          )
        }
      />
      {asked.problem && <ProblemNote problem={asked.problem} />}
      <Card size="small" title={w.courses}>
        <Courses rows={asked.data?.items ?? []} loading={asked.loading} plan={setPlanning} />
      </Card>
      <Card size="small" title={w.certificates}>
        <Certificates courses={asked.data?.items ?? []} />
      </Card>
      <AddCourse open={adding} close={() => setAdding(false)} />
      <PlanSession course={planning} close={() => setPlanning(undefined)} />
    </Flex>
  );
}

function Courses(props: { rows: Course[]; loading: boolean; plan: (course: Course) => void }) {
  const { rows, loading, plan } = props;
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const may = useMay();
  return (
    <SmallTable
      rowKey={(course) => course.code}
      dataSource={rows}
      loading={loading}
      columns={[
        { title: w.course, render: (_, course) => `${say(course.title)} (${course.code})` },
        { title: w.hours, align: "right", render: (_, course) => course.hours },
        { title: w.passMark, align: "right", render: (_, course) => course.pass_mark },
        {
          title: w.valid,
          render: (_, course) => (course.valid_months ? w.months(course.valid_months) : ""),
        },
        {
          title: w.acts,
          render: (_, course) =>
            course.acts.map((act) => (
              <Tag key={act.act} color={act.demand === "refuse" ? "error" : "warning"}>
                {name("certifiedAct", act.act)}: {name("demand", act.demand)}
              </Tag>
            )),
        },
        {
          title: w.sessions,
          render: (_, course) => (
            <Flex vertical gap={4} align="start">
              {course.sessions.map((session) => (
                <Link
                  key={session.session_no}
                  to={`/supervision/training/${course.code}/${session.session_no}`}
                >
                  {session.held_on} {session.place} · {w.came} {session.came} · {w.passed} {session.passed}
                </Link>
              ))}
              {may("keep_training") && (
                <Button size="small" onClick={() => plan(course)}>
                  {w.plan}
                </Button>
              )}
            </Flex>
          ),
        },
      ]}
    />
  );
}

function Certificates({ courses }: { courses: Course[] }) {
  const w = useWords(words);
  const say = useSay();
  const titles = new Map(courses.map((course) => [course.code, say(course.title)]));
  const revoke = useSend("post", "/certificates/{certificate_no}/revocation");
  const [ending, setEnding] = useState<number>();
  const filters: Filter[] = [
    { key: "person", label: w.holder, kind: "text", width: 160 },
    {
      key: "course",
      label: w.course,
      kind: "select",
      options: [...titles].map(([value, label]) => ({ value, label })),
      width: 200,
    },
    {
      key: "good",
      label: w.onlyGood,
      kind: "select",
      options: [{ value: "true", label: w.yes }],
      width: 110,
    },
  ];
  return (
    <>
      <ListPage
        path="/certificates"
        name="certificates"
        filters={filters}
        rowKey={(row) => row.certificate_no}
        columns={[
          { key: "certificate_no", title: w.no, align: "right" },
          { key: "person", title: w.holder, sort: "person" },
          {
            key: "course",
            title: w.course,
            sort: "course",
            render: (row) => titles.get(row.course) ?? row.course,
          },
          { key: "score", title: w.score, align: "right" },
          { key: "from_on", title: w.from, sort: "from_on", render: (row) => <Day value={row.from_on} /> },
          {
            key: "until_on",
            title: w.until,
            sort: "until_on",
            render: (row) => <Day value={row.until_on} />,
          },
          {
            key: "good",
            title: w.state,
            render: (row) => (
              <Tag color={row.good ? "success" : "default"}>
                {row.good ? w.validNow : row.revoked_on ? w.revoked : w.ended}
              </Tag>
            ),
          },
          { key: "reason", title: w.reason },
          {
            key: "do",
            title: "",
            render: (row) =>
              row.good && (
                <ActionButton
                  size="small"
                  danger
                  permission="keep_training"
                  done={false}
                  run={async () => setEnding(row.certificate_no)}
                >
                  {w.revoke}
                </ActionButton>
              ),
          },
        ]}
      />
      <EditDrawer<{ reason: string }>
        open={ending !== undefined}
        close={() => setEnding(undefined)}
        title={`${w.revoke} ${ending ?? ""}`}
        submitText={w.revoke}
        danger
        submit={(body) => revoke.run({ path: { certificate_no: ending ?? 0 }, body })}
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.needed }]}>
          <Input.TextArea rows={3} maxLength={2000} showCount />
        </Form.Item>
      </EditDrawer>
    </>
  );
}

function AddCourse({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const send = useSend("post", "/courses");
  const needed = { required: true, message: w.needed };
  return (
    <EditDrawer<NewCourse>
      open={open}
      close={close}
      title={w.addCourse}
      submitText={w.addCourse}
      submit={(body) => send.run({ body })}
    >
      <Form.Item name="code" label={w.code} rules={[needed]}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="title" label={w.title} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="title_en" label={w.titleEn}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="hours" label={w.hours} initialValue={8}>
        <InputNumber min={0} max={1000} precision={0} />
      </Form.Item>
      <Form.Item name="about" label={w.inWords}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </EditDrawer>
  );
}

function PlanSession({ course, close }: { course: Course | undefined; close: () => void }) {
  const w = useWords(words);
  const navigate = useNavigate();
  const send = useSend("post", "/courses/{course}/sessions");
  const needed = { required: true, message: w.needed };
  const submit = async (body: NewSession) => {
    const { session_no } = await send.run({ path: { course: course?.code ?? "" }, body });
    navigate(`/supervision/training/${course?.code ?? ""}/${session_no}`);
  };
  return (
    <EditDrawer<NewSession>
      open={course !== undefined}
      close={close}
      title={w.plan}
      submitText={w.plan}
      submit={submit}
    >
      <Form.Item name="held_on" label={w.heldOn} rules={[needed]}>
        <DayField />
      </Form.Item>
      <Form.Item name="place" label={w.place} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="teacher" label={w.teacher} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
    </EditDrawer>
  );
}
