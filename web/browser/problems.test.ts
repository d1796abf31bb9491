// Problems of many, as the manager of a town finds and cares for them.

import { expect, test } from "vitest";
import { town } from "./harness";

const t = town();

interface Line {
  problem_no: number;
  title: string;
  state: string;
  people: number;
}

test("the manager sees where much is said, and what the accounts of the worst problem share", async () => {
  const { items } = await t.api<{ items: Line[] }>("manager", "GET", "/problems?open=true&limit=50");
  const worst = items[0];
  expect(worst?.title).toContain("电压");
  const page = await t.signIn("manager", "/service/problems");
  await page.getByText("诉求热力图 (单位 × 业务类型)").waitFor();
  await page.locator(`[data-row-key='${worst?.problem_no}']`).click();
  await page.waitForURL(`**/service/problems/${worst?.problem_no}`);
  await page.getByRole("img", { name: "每周工单" }).waitFor();
  await page.getByText("台区", { exact: true }).first().waitFor();
  await t.check(page);
  await t.shot(page, "problem-zh");
  const english = await t.signIn("manager", `/service/problems/${worst?.problem_no}`, {
    language: "en",
    theme: "dark",
  });
  await english.getByText("What may lie behind it").waitFor();
  await t.check(english);
  await t.shot(english, "problem-en");
});

test("a problem is owned and planned, and is not closed before its effect was seen", async () => {
  const { items } = await t.api<{ items: Line[] }>("manager", "GET", "/problems?state=found&limit=1");
  const page = await t.signIn("manager", `/service/problems/${items[0]?.problem_no}`);
  await page.getByRole("button", { name: "认领" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "认领" }).click();
  await page.getByText("待定方案").first().waitFor();
  const close = page.getByRole("button", { name: "办结" });
  expect(await close.getAttribute("aria-disabled")).toBe("true");
  await page.getByRole("button", { name: "制定方案" }).click();
  await drawer.getByLabel("整改起始日").fill("2026-09-01");
  await page.keyboard.press("Enter");
  await drawer.getByLabel("整改期限").fill("2026-09-30");
  await page.keyboard.press("Enter");
  await drawer.getByLabel("说明").fill("更换台区变压器");
  await drawer.getByRole("button", { name: "制定方案" }).click();
  await page.getByText("整改中").first().waitFor();
  expect(await close.getAttribute("aria-disabled")).toBe("true");
  await t.check(page);
});
