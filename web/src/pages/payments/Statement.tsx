// What moved what an account owes, with the balance after each entry.

import { Flex, Spin } from "antd";
import { useState } from "react";
import { useGet } from "@/api";
import { Day, DayRangeField, Facts, Money, ProblemNote, SmallTable } from "@/parts";
import { useSay, useSubject, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Statement({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const say = useSay();
  const about = useSubject();
  const [days, setDays] = useState<[string, string]>();
  const query = days ? { from: days[0], to: days[1] } : {};
  const statement = useGet("/accounts/{account_no}/statement", { path: { account_no: accountNo }, query });
  const told = statement.data;
  if (!told) {
    return statement.problem ? <ProblemNote problem={statement.problem} again={statement.again} /> : <Spin />;
  }
  return (
    <Flex vertical gap={12}>
      <DayRangeField value={days ?? [told.from, told.to]} onChange={setDays} />
      <Facts
        facts={[
          [w.opening, <Money key="1" value={told.opening} unit />],
          [w.closing, <Money key="2" value={told.closing} unit />],
        ]}
      />
      <SmallTable
        rowKey={(row) => told.lines.indexOf(row)}
        dataSource={told.lines}
        columns={[
          { title: w.on, render: (_, row) => <Day value={row.on} /> },
          {
            title: w.entry,
            render: (_, row) =>
              say({
                zh: row.kind_zh,
                en: row.kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()),
              }),
          },
          { title: w.subject, render: (_, row) => about(row.subject) },
          { title: w.amount, align: "right", render: (_, row) => <Money value={row.amount} /> },
          { title: w.owed, align: "right", render: (_, row) => <Money value={row.owed} /> },
        ]}
      />
    </Flex>
  );
}
