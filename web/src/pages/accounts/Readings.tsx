// What the meters showed, and the usage of each month as a curve.

import { Tag, Typography, theme } from "antd";
import { useMemo } from "react";
import { useList } from "@/api";
import { Chart, Day, ListPage, Quantity, toPlot } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Readings({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <>
      <Usage accountNo={accountNo} />
      <ListPage
        path="/accounts/{account_no}/readings"
        args={{ path: { account_no: accountNo } }}
        name="account.readings"
        rowKey={(reading) => `${reading.meter_no}/${reading.read_on}/${reading.version}`}
        columns={[
          { key: "read_on", title: w.readOn, render: (reading) => <Day value={reading.read_on} /> },
          { key: "meter_no", title: w.meter },
          {
            key: "registers",
            title: w.registers,
            render: (reading) =>
              reading.registers.map((register) => (
                <div key={register.kind} className="dh-num">
                  {name("register", register.kind)} <Quantity value={register.value} />
                </div>
              )),
          },
          { key: "source", title: w.source, render: (reading) => name("readingSource", reading.source) },
          {
            key: "version",
            title: w.version,
            render: (reading) => (
              <>
                {reading.version} {!reading.is_current && <Tag>{w.replaced}</Tag>}
              </>
            ),
          },
          { key: "max_demand_kw", title: `${w.demand} (kW)`, align: "right", hidden: true },
          { key: "taken_by", title: w.takenBy, hidden: true },
        ]}
      />
    </>
  );
}

function Usage({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const { token } = theme.useToken();
  const bills = useList("/accounts/{account_no}/bills", { path: { account_no: accountNo } }, 100);
  const option = useMemo(() => {
    const months = new Map<string, { energy: number; amount: number }>();
    for (const bill of [...bills.rows].reverse()) {
      const at = months.get(bill.month) ?? { energy: 0, amount: 0 };
      months.set(bill.month, {
        energy: at.energy + toPlot(bill.active_kwh),
        amount: at.amount + toPlot(bill.amount),
      });
    }
    const all = [...months.values()];
    return {
      tooltip: { trigger: "axis" },
      legend: { data: [w.energy, w.amount], top: 0 },
      grid: { left: 56, right: 56, top: 40, bottom: 28 },
      xAxis: { type: "category", data: [...months.keys()] },
      yAxis: [
        { type: "value", name: w.kwh },
        { type: "value", name: w.yuan, splitLine: { show: false } },
      ],
      series: [
        {
          name: w.energy,
          type: "bar",
          barMaxWidth: 28,
          itemStyle: { color: token.colorPrimary },
          data: all.map((month) => Math.round(month.energy)),
        },
        {
          name: w.amount,
          type: "line",
          yAxisIndex: 1,
          itemStyle: { color: token.gold6 },
          data: all.map((month) => Number(month.amount.toFixed(2))),
        },
      ],
    };
  }, [bills.rows, w, token]);
  if (bills.rows.length === 0) {
    return null;
  }
  return (
    <section style={{ marginBottom: 16 }}>
      <Typography.Text strong>{w.usage}</Typography.Text>
      <Chart label={w.usageChart} option={option} />
    </section>
  );
}
