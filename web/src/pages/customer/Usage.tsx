// The curve of the months, with its numbers below.

import { Card, Empty, Flex, Spin } from "antd";
import { useMemo } from "react";
import type { Schema } from "@/api";
import { Chart, ProblemNote } from "@/parts";
import { grouped } from "@/parts/amounts";
import { useWords } from "@/words";
import { useOwn } from "./api";
import { words } from "./words";

const BANDS = ["sharp", "peak", "flat", "valley", "deep"] as const;

/** Use by month and tariff period. */
export function Usage() {
  const w = useWords(words);
  const { data, loading, problem } = useOwn<Schema<"Usage">>("/usage");
  const option = useMemo(() => {
    const months = data?.months ?? [];
    const used = BANDS.filter((band) => months.some((month) => month.by_band[band] !== undefined));
    const series =
      used.length > 0
        ? used.map((band) => ({
            name: w.bands[band],
            type: "bar",
            stack: "use",
            data: months.map((month) => Number(month.by_band[band] ?? 0)),
          }))
        : [{ name: w.bands.total, type: "bar", data: months.map((month) => Number(month.kwh)) }];
    return {
      grid: { left: 48, right: 8, top: 32, bottom: 40 },
      legend: used.length > 0 ? { top: 0 } : undefined,
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: months.map((month) => month.month) },
      yAxis: { type: "value", name: w.kwh },
      series,
    };
  }, [data, w]);
  if (problem) {
    return <ProblemNote problem={problem} />;
  }
  if (loading || !data) {
    return <Spin aria-label={w.loading} />;
  }
  if (data.months.length === 0) {
    return <Empty description={w.noUsage} />;
  }
  return (
    <Flex vertical gap={12}>
      <Card size="small" title={w.usage}>
        <Chart option={option} label={w.usage} height={260} />
      </Card>
      <Card size="small">
        {[...data.months].reverse().map((month) => (
          <Flex key={month.month} justify="space-between" gap={8} style={{ padding: "4px 0" }}>
            <span>{month.month}</span>
            <span className="dh-num">
              {grouped(month.kwh)} {w.kwh}
            </span>
            <span className="dh-num">{w.cost(grouped(month.amount))}</span>
          </Flex>
        ))}
      </Card>
    </Flex>
  );
}
