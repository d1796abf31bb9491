// What was done, as a table: counts as they are, amounts in yuan.

import type { Schema } from "@/api";
import { Money, SmallTable } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

type Record0 = Schema<"WorkRecord">;

/** An amount in fen as yuan text. */
export function yuan(fen: number): string {
  const digits = Math.abs(fen).toString().padStart(3, "0");
  return `${fen < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The quotient of two amounts in percent with two places, as the rule rounds it; nothing when there is no divisor. */
export function quotient(part: number, whole: number): string | undefined {
  if (whole === 0) {
    return undefined;
  }
  const [a, b] = [BigInt(part) * 20_000n + BigInt(whole), BigInt(whole) * 2n];
  return `${yuan(Number(a / b))}%`;
}

/** The table. */
export function RecordTable({ record }: { record: Record0 }) {
  const w = useWords(words);
  const name = useNames();
  const rows = Object.entries(record).map(([measure, value]) => ({ measure, value: Number(value) }));
  return (
    <SmallTable
      rowKey="measure"
      dataSource={rows}
      columns={[
        { title: w.measure, render: (_, row) => name("workMeasure", row.measure) },
        {
          title: w.value,
          align: "right",
          render: (_, row) => (row.measure.endsWith("_fen") ? <Money value={yuan(row.value)} /> : row.value),
        },
      ]}
    />
  );
}
