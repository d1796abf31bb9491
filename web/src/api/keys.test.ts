import { expect, test } from "vitest";
import { FormKey, randomKey } from "./keys";

function counting(): FormKey {
  let made = 0;
  return new FormKey(() => String(++made));
}

test("the same content keeps its key until it was done", () => {
  const key = counting();
  expect([key.of({ amount: "1.00" }), key.of({ amount: "1.00" })]).toEqual(["1", "1"]);
  key.done();
  expect(key.of({ amount: "1.00" })).toBe("2");
});

test("other content is another deed", () => {
  const key = counting();
  expect([key.of({ amount: "1.00" }), key.of({ amount: "2.00" })]).toEqual(["1", "2"]);
});

test("keys are 128 random bits in hex", () => {
  expect(randomKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomKey()).not.toBe(randomKey());
});
