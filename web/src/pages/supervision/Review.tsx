// One review: its records, what was seen of each, and the list by which one is looked at.

import { Card, Flex, Form, Input, Radio, Tag } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { type Schema, useGet, useSend } from "@/api";
import { useMe } from "@/app/session";
import {
  AccountLink,
  ActionButton,
  Day,
  DetailPage,
  EditDrawer,
  RuleTag,
  SmallTable,
  StateTag,
} from "@/parts";
import { useNames, useOptions, useSay, useSubject, useWords } from "@/words";
import { words } from "./words";

type Shown = Schema<"ReviewShown">;
type Sample = Schema<"SampleShown">;
type Answer = Schema<"Answer">;

/** The page. */
export default function Review() {
  const { reviewNo: no = "" } = useParams();
  const path = { review_no: Number(no) };
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const about = useSubject();
  const me = useMe();
  const asked = useGet("/reviews/{review_no}", { path });
  const [looking, setLooking] = useState<Sample>();
  const shown = asked.data;
  return (
    <DetailPage
      back
      title={shown ? `${w.review} ${no} · ${say(shown.name)}` : `${w.review} ${no}`}
      tags={shown && <StateTag family="reviewState" word={shown.state} />}
      loading={!shown && asked.loading}
      problem={asked.problem}
      again={asked.again}
      facts={
        shown
          ? [
              [w.population, name("population", shown.population)],
              [w.unit, shown.unit],
              [w.person, shown.person],
              [w.period, `${shown.from_on} – ${shown.until_on}`],
              [w.size, `${shown.size} / ${shown.whole}`],
              [w.progress, `${shown.looked} / ${shown.size}`],
              [w.seed, shown.seed],
              [w.auditor, shown.auditor],
              [w.dueOn, <Day key="d" value={shown.due_on} />],
              [
                w.rule,
                <RuleTag key="r" id={shown.rule} rule={{ id: shown.rule, clause: "", confidence: "" }} />,
              ],
            ]
          : []
      }
    >
      {shown && (
        <Flex vertical gap={12}>
          <Card size="small">
            <SmallTable
              rowKey={(sample) => sample.sample_no}
              dataSource={shown.samples}
              columns={[
                { title: w.no, align: "right", render: (_, sample) => sample.sample_no },
                { title: w.account, render: (_, sample) => <AccountLink no={sample.account_no} /> },
                { title: w.about, render: (_, sample) => about(sample.about) },
                { title: w.person, render: (_, sample) => sample.person },
                { title: w.unit, render: (_, sample) => sample.unit },
                { title: w.result, render: (_, sample) => <Seen sample={sample} shown={shown} /> },
                {
                  title: "",
                  render: (_, sample) =>
                    !sample.looked_on && (
                      <ActionButton
                        size="small"
                        permission="answer_findings"
                        blocked={me.name === shown.auditor ? undefined : `${w.auditor}: ${shown.auditor}`}
                        done={false}
                        run={async () => setLooking(sample)}
                      >
                        {w.look}
                      </ActionButton>
                    ),
                },
              ]}
            />
          </Card>
          <Look shown={shown} sample={looking} close={() => setLooking(undefined)} />
        </Flex>
      )}
    </DetailPage>
  );
}

function Seen({ sample, shown }: { sample: Sample; shown: Shown }) {
  const name = useNames();
  const say = useSay();
  const bad = sample.answers.filter((answer) => answer.answer === "bad");
  if (!sample.looked_on) {
    return null;
  }
  if (bad.length === 0) {
    return <Tag color="success">{name("reviewAnswer", "good")}</Tag>;
  }
  return (
    <Flex vertical gap={4}>
      {bad.map((answer) => {
        const item = shown.items.find((known) => known.code === answer.item);
        return (
          <Link key={answer.item} to={`/supervision/findings/${answer.finding_no}`}>
            {name("reviewAnswer", "bad")} {item ? say(item.text) : answer.item}
          </Link>
        );
      })}
      {sample.note}
    </Flex>
  );
}

interface Values {
  answers: Record<string, Answer>;
  note?: string;
}

function Look({ shown, sample, close }: { shown: Shown; sample: Sample | undefined; close: () => void }) {
  const w = useWords(words);
  const say = useSay();
  const about = useSubject();
  const options = useOptions("reviewAnswer");
  const send = useSend("post", "/reviews/{review_no}/samples/{sample_no}");
  const submit = (values: Values) =>
    send.run({
      path: { review_no: shown.review_no, sample_no: sample?.sample_no ?? 0 },
      body: {
        answers: shown.items.map(({ code }) => ({ item: code, answer: values.answers[code] ?? "good" })),
        note: values.note ?? "",
      },
    });
  return (
    <EditDrawer<Values>
      open={sample !== undefined}
      close={close}
      title={`${w.look} ${sample?.account_no ?? ""} ${about(sample?.about)}`}
      submit={submit}
      submitText={w.look}
      width={560}
    >
      {shown.items.map((item) => (
        <Form.Item
          key={item.code}
          name={["answers", item.code]}
          label={say(item.text)}
          rules={[{ required: true, message: w.needed }]}
        >
          <Radio.Group options={options} />
        </Form.Item>
      ))}
      <Form.Item
        name="note"
        label={w.inWords}
        dependencies={["answers"]}
        rules={[
          ({ getFieldValue }) => ({
            required: Object.values((getFieldValue("answers") as Values["answers"]) ?? {}).includes("bad"),
            message: w.needed,
          }),
        ]}
      >
        <Input.TextArea rows={3} maxLength={2000} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
