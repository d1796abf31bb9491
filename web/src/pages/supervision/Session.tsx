// One session of a course: who came, what he scored, his certificate.

import { Button, Card, Form, Input, InputNumber, Radio, Tag } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import { Day, DetailPage, EditDrawer, SmallTable } from "@/parts";
import { useSay, useWords } from "@/words";
import { words } from "./words";

interface Values {
  person: string;
  came: boolean;
  score?: number | null;
}

/** The page. */
export default function Session() {
  const { course = "", session = "" } = useParams();
  const path = { course, session_no: Number(session) };
  const w = useWords(words);
  const say = useSay();
  const may = useMay();
  const [noting, setNoting] = useState(false);
  const asked = useGet("/courses/{course}/sessions/{session_no}", { path });
  const send = useSend("post", "/courses/{course}/sessions/{session_no}/attendance");
  const shown = asked.data;
  return (
    <DetailPage
      back="/supervision/training"
      title={shown ? `${say(shown.title)} ${shown.session.held_on}` : w.session}
      loading={!shown && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={
        may("keep_training") && (
          <Button type="primary" onClick={() => setNoting(true)}>
            {w.attend}
          </Button>
        )
      }
      facts={
        shown
          ? [
              [w.heldOn, <Day key="d" value={shown.session.held_on} />],
              [w.place, shown.session.place],
              [w.teacher, shown.session.teacher],
              [w.came, shown.session.came],
              [w.passed, shown.session.passed],
            ]
          : []
      }
    >
      {shown && (
        <Card size="small" title={w.people}>
          <SmallTable
            rowKey={(row) => row.person}
            dataSource={shown.people}
            columns={[
              { title: w.holder, render: (_, row) => row.person },
              { title: w.came, render: (_, row) => (row.came ? w.wasThere : w.wasNot) },
              { title: w.score, align: "right", render: (_, row) => row.score },
              {
                title: w.certificate,
                render: (_, row) => row.certificate_no && <Tag color="success">{row.certificate_no}</Tag>,
              },
            ]}
          />
        </Card>
      )}
      <EditDrawer<Values>
        open={noting}
        close={() => setNoting(false)}
        title={w.attend}
        submitText={w.attend}
        submit={({ person, came, score }) =>
          send.run({ path, body: { person, came, ...(typeof score === "number" ? { score } : {}) } })
        }
      >
        <Form.Item
          name="person"
          label={w.holder}
          extra={w.staffHint}
          rules={[{ required: true, message: w.needed }]}
        >
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="came" label={w.came} initialValue={true}>
          <Radio.Group
            options={[
              { value: true, label: w.wasThere },
              { value: false, label: w.wasNot },
            ]}
          />
        </Form.Item>
        <Form.Item name="score" label={w.score}>
          <InputNumber min={0} max={100} precision={0} />
        </Form.Item>
      </EditDrawer>
    </DetailPage>
  );
}
