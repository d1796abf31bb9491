import { expect, test } from "vitest";
import { networkProblem, problemOf } from "./problem";

test("a problem of the API keeps its code and both sentences", () => {
  const detail = { zh: "不行", en: "no" };
  const problem = problemOf(409, {
    type: "about:blank#x.y",
    title: "Conflict",
    status: 409,
    code: "x.y",
    detail,
  });
  expect([problem.status, problem.code, problem.detail, problem.cells]).toEqual([409, "x.y", detail, []]);
  expect([problem.isUncertain, problem.isStale]).toEqual([false, false]);
});

test("what a proxy answers is told by its status", () => {
  const problem = problemOf(502, "<html>");
  expect([problem.code, problem.isUncertain]).toEqual(["http.502", true]);
});

test("a network that failed leaves it open whether the deed was done", () => {
  expect(networkProblem().isUncertain).toBe(true);
});
