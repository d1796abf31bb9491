// A hint about a reading without a line, by the parameters that the package carries. The server's verdict counts.

import type { Schema } from "@/api";

type Meter = Schema<"MeterWork">;
type Rules = Schema<"VerdictRules">;

/** What may be wrong, as the server calls it. */
export type Doubt = "beyond_dial" | "went_back" | "rolled_over" | "zero" | "spike" | "drop" | "over_capacity";

export interface Hint {
  /** kWh since the last reading; nothing when it cannot be told. */
  kwh: number | undefined;
  doubts: Doubt[];
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

function over(past: { kwh: number; days: number }, days: number): number {
  return past.days === 0 ? past.kwh : (past.kwh * days) / past.days;
}

/** What use is to be expected, kWh: between the limits of the rule around what is known; nothing without a history. */
export function expected(meter: Meter, rules: Rules, on: string): { from: number; to: number } | undefined {
  if (!meter.last_on) {
    return undefined;
  }
  const days = daysBetween(meter.last_on, on);
  const limits = meter.is_home ? rules.residential : rules.other;
  const known = [meter.last_use, meter.year_ago].flatMap((past) => (past ? [over(past, days)] : []));
  if (known.length === 0) {
    return undefined;
  }
  const above = Number(limits.above);
  const high = known.map((then) => then + Math.max(above, then * Number(limits.rise)));
  const low = known.map((then) => then - Math.max(above, then * Number(limits.fall)));
  // A season explains a change that the year before had too: both have to be passed.
  return { from: Math.max(0, Math.min(...low)), to: Math.max(...high) };
}

/** Looks at the total register. */
export function hint(meter: Meter, rules: Rules, total: number, on: string): Hint {
  const doubts: Doubt[] = [];
  const range = 10 ** meter.digits;
  if (meter.digits > 0 && total >= range) {
    return { kwh: undefined, doubts: ["beyond_dial"] };
  }
  const last = meter.last.find((register) => register.kind === "total");
  if (!last || !meter.last_on) {
    return { kwh: undefined, doubts };
  }
  let advance = total - Number(last.value);
  if (advance < 0) {
    const around = advance + range;
    if (meter.digits === 0 || around > range * Number(rules.rollover_share)) {
      return { kwh: undefined, doubts: ["went_back"] };
    }
    doubts.push("rolled_over");
    advance = around;
  }
  const exact = advance * Number(meter.multiplier);
  const kwh = rules.whole_kwh ? Math.round(exact) : Math.round(exact * 100) / 100;
  const days = daysBetween(meter.last_on, on);
  if (kwh === 0) {
    doubts.push("zero");
  }
  const usual = expected(meter, rules, on);
  if (usual && kwh > usual.to) {
    doubts.push("spike");
  }
  if (usual && kwh < usual.from) {
    doubts.push("drop");
  }
  if (meter.capacity_kva && days > 0 && kwh > Number(meter.capacity_kva) * 24 * days) {
    doubts.push("over_capacity");
  }
  return { kwh, doubts };
}
