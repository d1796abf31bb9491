import { expect, test } from "vitest";
import { address } from "./watch";

test("an address has its parameters in their places, safely", () => {
  expect(address("/accounts/{account_no}/bills/{bill_no}", { path: { account_no: "a/b", bill_no: 3 } })).toBe(
    "/api/v1/accounts/a%2Fb/bills/3",
  );
  expect(address("/tasks", { query: { kind: "cut_due", role: undefined, due_by: "" } })).toBe(
    "/api/v1/tasks?kind=cut_due",
  );
});
