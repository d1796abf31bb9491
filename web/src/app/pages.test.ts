import { expect, test } from "vitest";
import { accountTabs, mayOpen, pages } from "./pages";

test("paths are told once, and menu pages need no parameter", () => {
  const paths = pages.map((page) => page.path);
  expect(paths).toEqual([...new Set(paths)]);
  expect(pages.filter((page) => page.group && page.path.includes(":")).map((page) => page.path)).toEqual([]);
  expect(accountTabs.map((tab) => tab.key)).toEqual([...new Set(accountTabs.map((tab) => tab.key))]);
});

test("a page opens with its right, with any of several, and without one for everybody", () => {
  expect(mayOpen({}, [])).toBe(true);
  expect(mayOpen({ permission: "see_rules" }, ["see_rules"])).toBe(true);
  expect(mayOpen({ permission: "see_rules" }, ["see_audit"])).toBe(false);
  expect(mayOpen({ permission: ["see_rules", "see_audit"] }, ["see_audit"])).toBe(true);
});
