import { expect, test } from "vitest";
import type { Schema } from "@/api";
import { expected, hint } from "./verdict";

const RULES: Schema<"VerdictRules"> = {
  rules: ["r"],
  whole_kwh: true,
  rollover_share: "0.1",
  residential: { rise: "0.5", fall: "0.5", above: "100" },
  other: { rise: "0.3", fall: "0.3", above: "500" },
};

const METER: Schema<"MeterWork"> = {
  account_no: "A1",
  customer: "甲**",
  address: "某处",
  route: "R1",
  month: "2026-04",
  due_on: "2026-04-05",
  meter_no: "M1",
  multiplier: "1",
  digits: 6,
  is_home: true,
  capacity_kva: "8",
  last_on: "2026-03-06",
  last: [{ kind: "total", value: "1000" }],
  last_use: { kwh: 300, days: 30 },
  year_ago: null,
};

test.each([
  ["1300", 300, []],
  ["1450", 450, []],
  ["1451", 451, ["spike"]],
  ["1149", 149, ["drop"]],
  ["1000", 0, ["zero", "drop"]],
  ["999", undefined, ["went_back"]],
  ["1000000", undefined, ["beyond_dial"]],
  ["9000", 8000, ["spike", "over_capacity"]],
])("a total of %s makes %s kWh", (total, kwh, doubts) => {
  expect(hint(METER, RULES, Number(total), "2026-04-05")).toEqual({ kwh, doubts });
});

test("a register passes its last digit", () => {
  const near = { ...METER, last: [{ kind: "total" as const, value: "999900" }] };
  expect(hint(near, RULES, 200, "2026-04-05")).toEqual({ kwh: 300, doubts: ["rolled_over"] });
});

test("last year explains a season; a new meter has no expectation", () => {
  const season = { ...METER, year_ago: { kwh: 900, days: 30 } };
  expect(expected(season, RULES, "2026-04-05")).toEqual({ from: 150, to: 1350 });
  expect(expected({ ...METER, last_use: null }, RULES, "2026-04-05")).toBeUndefined();
  expect(hint({ ...METER, last_on: null, last: [] }, RULES, 5, "2026-04-05")).toEqual({
    kwh: undefined,
    doubts: [],
  });
});
