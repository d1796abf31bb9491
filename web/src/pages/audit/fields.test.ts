import { expect, test } from "vitest";
import { fieldsOf } from "./fields";

test("what differs comes first, and nothing is lost", () => {
  expect(fieldsOf({ a: 1, b: { c: "x", d: null } }, { a: 1, b: { c: "y", d: null }, e: ["p", "q"] })).toEqual(
    [
      { field: "b.c", before: "x", after: "y", differs: true },
      { field: "e", before: "", after: "p, q", differs: true },
      { field: "a", before: "1", after: "1", differs: false },
      { field: "b.d", before: "–", after: "–", differs: false },
    ],
  );
});

test("a text is a value of its own", () => {
  expect(fieldsOf(null, "100.00")).toEqual([{ field: "·", before: "", after: "100.00", differs: true }]);
});
