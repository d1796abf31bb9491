import { expect, test } from "vitest";
import { grouped, isNegative, isZero, scaled, sumMoney } from "./amounts";

test.each([
  ["0.00", "0.00"],
  ["999", "999"],
  ["1000", "1,000"],
  ["1234567.50", "1,234,567.50"],
  ["-1234.5", "-1,234.5"],
  ["0.00012345", "0.00012345"],
])("%s is shown as %s", (value, shown) => {
  expect(grouped(value)).toBe(shown);
});

test("amounts add up to the fen, beyond what a float can hold", () => {
  expect(sumMoney(["0.10", "0.20"])).toBe("0.30");
  expect(sumMoney(["90071992547409.93", "0.02"])).toBe("90071992547409.95");
  expect(sumMoney(["1.00", "-1.01"])).toBe("-0.01");
  expect(sumMoney([])).toBe("0.00");
  expect(scaled("-0.5", 2)).toBe(-50n);
});

test("nothing and less than nothing", () => {
  expect(["0", "0.00", "-0.00"].map(isZero)).toEqual([true, true, true]);
  expect(["-0.01", "-0.00", "0.01"].map(isNegative)).toEqual([true, false, false]);
});
