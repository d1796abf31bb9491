// The working calendar of a year: published days off, and weekends that are worked.

import { Card, Flex, Select, Tag, Typography } from "antd";
import { useState } from "react";
import { type Schema, useGet } from "@/api";
import { useMe } from "@/app/session";
import { PageHead, ProblemNote } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

function Days({ title, days, colour }: { title: string; days: Schema<"DayShown">[]; colour: string }) {
  const w = useWords(words);
  return (
    <Card size="small" title={title} extra={w.days(days.length)}>
      <Flex gap={4} wrap>
        {days.map((day) => (
          <Tag key={day.on} color={colour} className="dh-num">
            {day.on.slice(5)}
          </Tag>
        ))}
      </Flex>
    </Card>
  );
}

/** The year. */
export default function Calendar() {
  const w = useWords(words);
  const me = useMe();
  const [year, setYear] = useState(Number(me.today.slice(0, 4)));
  const asked = useGet("/calendar/{year}", { path: { year } }, { keep: true });
  const shown = asked.data;
  return (
    <>
      <PageHead
        title={w.calendar}
        actions={
          <Select
            aria-label={w.year}
            value={year}
            onChange={setYear}
            style={{ width: 120 }}
            options={(shown?.covered ?? [year]).map((value) => ({ value, label: value }))}
          />
        }
      />
      <ProblemNote problem={asked.problem} />
      {shown && (
        <Flex vertical gap={16}>
          <Typography.Text type="secondary">
            {shown.basis} · {w.workingDays}: {w.days(shown.working_days)}
          </Typography.Text>
          <Days title={w.holidays} days={shown.holidays} colour="red" />
          <Days title={w.working} days={shown.working_weekends} colour="blue" />
        </Flex>
      )}
    </>
  );
}
