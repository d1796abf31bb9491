import { expect, test } from "vitest";
import { quotient, yuan } from "./record";

test("fen become yuan without a float", () => {
  expect([0, 5, 123, 12_345_678, -7].map(yuan)).toEqual(["0.00", "0.05", "1.23", "123456.78", "-0.07"]);
});

test("a quotient is rounded half up to two places of a percent", () => {
  expect(quotient(1, 3)).toBe("33.33%");
  expect(quotient(2, 3)).toBe("66.67%");
  expect(quotient(1, 20_000)).toBe("0.01%");
  expect(quotient(980_000, 1_250_500)).toBe("78.37%");
  expect(quotient(1, 0)).toBeUndefined();
});
