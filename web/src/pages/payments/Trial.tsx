// The trial balance as of a day, and the three recovery rates of the year through it.

import { Card, Flex, Form } from "antd";
import { useState } from "react";
import { useGet } from "@/api";
import { DayField, Facts, Money, PageHead, ProblemNote, SmallTable } from "@/parts";
import { useSay, useWords } from "@/words";
import { words } from "./words";

/** Tenths of a percent as a percentage. */
function percent(tenths: number | null | undefined): string | undefined {
  return tenths === null || tenths === undefined ? undefined : `${(tenths / 10).toFixed(1)} %`;
}

/** The page. */
export default function Trial() {
  const w = useWords(words);
  const say = useSay();
  const [asOf, setAsOf] = useState<string>();
  const trial = useGet("/ledger/trial-balance", { query: asOf ? { as_of: asOf } : {} });
  const rates = useGet("/ledger/recovery", { query: asOf ? { to: asOf } : {} });
  const told = trial.data;
  return (
    <>
      <PageHead title={w.titles.trial} />
      <Flex vertical gap={12}>
        <Card size="small">
          <Form layout="inline">
            <Form.Item label={w.asOf} htmlFor="trial-as-of">
              <DayField id="trial-as-of" value={asOf ?? told?.as_of} onChange={setAsOf} />
            </Form.Item>
          </Form>
        </Card>
        <ProblemNote problem={trial.problem ?? rates.problem} again={trial.again} />
        {rates.data && (
          <Card size="small" title={w.recovery}>
            <Facts
              facts={[
                [w.cumulative, percent(rates.data.cumulative_permille)],
                [w.thisYear, percent(rates.data.this_year_permille)],
                [w.priorYears, percent(rates.data.prior_years_permille)],
              ]}
            />
          </Card>
        )}
        {told && (
          <SmallTable
            rowKey="code"
            dataSource={[
              ...told.lines,
              { code: "", zh: w.total, en: w.total, debit: told.debit, credit: told.credit, balance: "0.00" },
            ]}
            columns={[
              { title: w.code, dataIndex: "code" },
              { title: w.name, render: (_, row) => say({ zh: row.zh, en: row.en }) },
              { title: w.debit, align: "right", render: (_, row) => <Money value={row.debit} /> },
              { title: w.credit, align: "right", render: (_, row) => <Money value={row.credit} /> },
              { title: w.balance, align: "right", render: (_, row) => <Money value={row.balance} /> },
            ]}
          />
        )}
      </Flex>
    </>
  );
}
