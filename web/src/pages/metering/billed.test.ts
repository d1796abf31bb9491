import { expect, test } from "vitest";
import { billedTo } from "./billed";

const bill = { bill_no: 1, corrects_no: null, kind: "regular", state: "open", to_on: "2026-03-01" };
const next = { ...bill, bill_no: 2, to_on: "2026-04-01" };

test.each([
  ["no bill", [], ""],
  ["the last of the metered bills", [bill, next], "2026-04-01"],
  ["a bill that waits counts", [bill, { ...next, state: "held" }], "2026-04-01"],
  ["one that was taken back does not", [bill, { ...next, state: "rejected" }], "2026-03-01"],
  [
    "nor one that was cancelled",
    [bill, next, { ...next, bill_no: 3, corrects_no: 2, kind: "cancellation" }],
    "2026-03-01",
  ],
  ["nor a bill of no reading", [bill, { ...next, kind: "theft" }], "2026-03-01"],
] as const)("%s", (_, bills, expected) => {
  expect(billedTo([...bills])).toBe(expected);
});
