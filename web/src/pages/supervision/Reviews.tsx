// Reviews: records drawn with a seed by a list of the book.

import { Button, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useGet, useSend } from "@/api";
import { useMay, useMe } from "@/app/session";
import { Day, DayRangeField, EditDrawer, ListPage, StateTag, UnitField } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { words } from "./words";

/** The list. */
export default function Reviews() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const may = useMay();
  const [drawing, setDrawing] = useState(false);
  const lists = useGet("/checklists", {});
  const titleOf = (list: string) => {
    const known = lists.data?.items.find((item) => item.list === list);
    return known ? say(known.name) : list;
  };
  return (
    <>
      <ListPage
        path="/reviews"
        name="reviews"
        title={w.reviews}
        rowKey={(row) => row.review_no}
        rowPath={(row) => `/supervision/reviews/${row.review_no}`}
        actions={
          may("keep_supervision") && (
            <Button type="primary" onClick={() => setDrawing(true)}>
              {w.draw}
            </Button>
          )
        }
        columns={[
          { key: "review_no", title: w.no, align: "right" },
          { key: "list", title: w.list, render: (row) => titleOf(row.list) },
          { key: "population", title: w.population, render: (row) => name("population", row.population) },
          { key: "unit", title: w.unit },
          { key: "person", title: w.person },
          {
            key: "from_on",
            title: w.period,
            sort: "from_on",
            render: (row) => `${row.from_on} – ${row.until_on}`,
          },
          {
            key: "size",
            title: w.size,
            sort: "size",
            align: "right",
            render: (row) => `${row.size} / ${row.whole}`,
          },
          {
            key: "looked",
            title: w.progress,
            align: "right",
            render: (row) => `${row.looked} / ${row.size}`,
          },
          { key: "auditor", title: w.auditor },
          { key: "due_on", title: w.dueOn, sort: "due_on", render: (row) => <Day value={row.due_on} /> },
          {
            key: "state",
            title: w.state,
            sort: "state",
            render: (row) => <StateTag family="reviewState" word={row.state} />,
          },
        ]}
      />
      <Draw open={drawing} close={() => setDrawing(false)} />
    </>
  );
}

interface Plan {
  list: string;
  unit: string;
  person?: string;
  days: [string, string];
  seed: number;
  auditor: string;
}

function Draw({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const say = useSay();
  const me = useMe();
  const navigate = useNavigate();
  const send = useSend("post", "/reviews");
  const lists = useGet("/checklists", {});
  const submit = async ({ days: [from_on, until_on], person, ...rest }: Plan) => {
    const shown = await send.run({ body: { ...rest, ...(person ? { person } : {}), from_on, until_on } });
    navigate(`/supervision/reviews/${shown.review_no}`);
  };
  const needed = { required: true, message: w.needed };
  return (
    <EditDrawer<Plan> open={open} close={close} title={w.draw} submit={submit} submitText={w.draw}>
      <Form.Item name="list" label={w.list} rules={[needed]}>
        <Select
          options={(lists.data?.items ?? []).map((item) => ({ value: item.list, label: say(item.name) }))}
        />
      </Form.Item>
      <Form.Item name="unit" label={w.unit} rules={[needed]}>
        <UnitField />
      </Form.Item>
      <Form.Item name="days" label={w.period} rules={[needed]}>
        <DayRangeField />
      </Form.Item>
      <Form.Item name="seed" label={w.seed} extra={w.seedHint} rules={[needed]}>
        <InputNumber precision={0} min={0} max={1_000_000_000} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="auditor" label={w.auditor} extra={w.staffHint} rules={[needed]} initialValue={me.name}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="person" label={w.onlyPerson} extra={w.onlyPersonHint}>
        <Input maxLength={64} />
      </Form.Item>
    </EditDrawer>
  );
}
