// The knowledge base: found by words, written by the staff.

import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type Operation, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import { Day, EditDrawer, type Filter, ListPage, StateTag } from "@/parts";
import { useNames, useOptions, useSay, useWords } from "@/words";
import { words } from "./words";

type Body = WriteArgs<Operation<"/articles", "post">>["body"];

/** The list. */
export default function Articles() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const may = useMay();
  const [writing, setWriting] = useState(false);
  const filters: Filter[] = [
    { key: "q", label: w.ask, kind: "text", width: 220 },
    { key: "topic", label: w.topic, kind: "select", options: useOptions("articleTopic"), width: 150 },
    { key: "state", label: w.state, kind: "select", options: useOptions("articleState"), width: 130 },
  ];
  return (
    <>
      <ListPage
        path="/articles"
        name="articles"
        title={w.articles}
        filters={filters}
        rowKey={(row) => row.code}
        rowPath={(row) => `/outreach/articles/${row.code}`}
        actions={
          may("keep_articles") && (
            <Button type="primary" onClick={() => setWriting(true)}>
              {w.write}
            </Button>
          )
        }
        columns={[
          { key: "title", title: w.title, render: (row) => say(row.title) },
          { key: "topic", title: w.topic, render: (row) => name("articleTopic", row.topic) },
          { key: "audience", title: w.audience, render: (row) => name("audience", row.audience) },
          {
            key: "state",
            title: w.state,
            render: (row) => <StateTag family="articleState" word={row.state} />,
          },
          {
            key: "version",
            title: w.version,
            align: "right",
            render: (row) => `${row.published} / ${row.version}`,
          },
          { key: "review_on", title: w.reviewOn, render: (row) => <Day value={row.review_on} /> },
          { key: "code", title: w.code },
        ]}
      />
      <Write open={writing} close={() => setWriting(false)} />
    </>
  );
}

function Write({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const navigate = useNavigate();
  const send = useSend("post", "/articles");
  const submit = async (body: Body) => {
    const shown = await send.run({ body });
    navigate(`/outreach/articles/${shown.code}`);
  };
  return (
    <EditDrawer<Body>
      open={open}
      close={close}
      title={w.write}
      submitText={w.write}
      submit={submit}
      width={640}
    >
      <Form.Item
        name="code"
        label={w.code}
        extra={w.codeHint}
        rules={[{ required: true, message: w.needed, pattern: /^[\w-]+$/ }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <TextFields />
    </EditDrawer>
  );
}

/** The fields of a version. */
export function TextFields() {
  const w = useWords(words);
  const [topics, audiences] = [useOptions("articleTopic"), useOptions("audience")];
  const needed = { required: true, message: w.needed };
  return (
    <>
      <Form.Item name="topic" label={w.topic} rules={[needed]}>
        <Select options={topics} />
      </Form.Item>
      <Form.Item name="audience" label={w.audience} rules={[needed]} initialValue="everybody">
        <Select options={audiences} />
      </Form.Item>
      <Form.Item name="title" label={w.titleZh} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="title_en" label={w.titleEn} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="body" label={w.bodyZh} rules={[needed]}>
        <Input.TextArea rows={8} maxLength={20000} showCount />
      </Form.Item>
      <Form.Item name="body_en" label={w.bodyEn} rules={[needed]}>
        <Input.TextArea rows={8} maxLength={20000} showCount />
      </Form.Item>
    </>
  );
}
