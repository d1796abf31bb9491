// Cuts, legal work and bundles, as the people of a town do them.

import { expect, test } from "vitest";
import { saved, town } from "./harness";

const t = town();

interface Line {
  account_no: string;
  case_no: number;
  state: string;
}

test("a blocked cut says which gates and clauses block it, and what would unblock it", async () => {
  // Somebody without a live case, who is not long overdue or was never demanded with proof.
  const live = await t.api<{ items: Line[] }>("manager", "GET", "/cuts?live=true&limit=500");
  const taken = new Set(live.items.map((line) => line.account_no));
  const tasks = await t.api<{ items: { account_no: string }[] }>(
    "collector",
    "GET",
    "/accounts?q=%E8%B7%AF&limit=50",
  );
  const free = tasks.items.map((found) => found.account_no).find((no) => !taken.has(no));
  const page = await t.signIn("collector", `/disconnection/cases/${free}`);
  const gates = page.locator("[data-gate]");
  await gates.first().waitFor();
  expect(await gates.count()).toBe(12);
  const failing = page.locator("[data-gate='G10'][data-passed='false']");
  await failing.waitFor();
  await failing.getByText("没有可催收的欠费,不得停电").waitFor();
  const propose = page.getByRole("button", { name: "提出停电" });
  expect(await propose.getAttribute("aria-disabled")).toBe("true");
  await propose.hover();
  await page.getByRole("tooltip").locator("[data-gate='G01']").waitFor();
  await t.check(page);
  await t.shot(page, "cut-blocked-zh");
});

test("the board, the restorations and the protected windows are there in both languages", async () => {
  for (const language of ["zh", "en"] as const) {
    for (const [path, name] of [
      ["/disconnection/cases", "cuts"],
      ["/disconnection/restorations", "restorations"],
      ["/disconnection/windows", "windows"],
      ["/legal/limitations", "limitations"],
      ["/legal/cases", "legal-cases"],
      ["/legal/write-offs", "write-offs"],
      ["/evidence/bundles", "bundles"],
    ] as const) {
      const page = await t.signIn("manager", path, { language, theme: language === "en" ? "dark" : "light" });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await t.check(page);
      await t.shot(page, `${name}-${language}`);
      await page.close();
    }
  }
});

test("a bundle is exported, and checked with its digest", async () => {
  const live = await t.api<{ items: Line[] }>("manager", "GET", "/cuts?live=true&limit=1");
  const account = live.items[0]?.account_no;
  const page = await t.signIn("manager", `/evidence/bundles?account=${account}`);
  await page.getByLabel("不含打印目录").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^导\s?出$/ }).click(),
  ]);
  const bytes = await saved(download);
  const digest = (await page.getByTestId("digest").textContent())?.trim().slice(0, 64) ?? "";
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const check = async (buffer: Buffer, ok: boolean) => {
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "bundle.zip", mimeType: "application/zip", buffer });
    await page.getByLabel("摘要").fill(digest);
    await page.getByRole("button", { name: /^核\s?验$/ }).click();
    await page.locator(`[data-testid=checked][data-ok=${ok}]`).waitFor();
  };
  await check(bytes, true);
  await t.check(page);
  await t.shot(page, "bundle-checked-zh");
});

test("a cut customer's status is two clicks away", async () => {
  const live = await t.api<{ items: Line[] }>("collector", "GET", "/cuts?live=true&limit=1");
  const no = live.items[0]?.account_no ?? "";
  expect(no).not.toBe("");
  const page = await t.signIn("collector", "/home");
  await page.getByRole("button", { name: "搜索客户或功能" }).click();
  await page.keyboard.type(no);
  await page.getByRole("option", { name: new RegExp(no) }).click();
  await page.getByTestId("supply").click();
  await page.locator("[data-gate]").first().waitFor();
  expect(page.url()).toContain(`/accounts/${no}/cuts`);
});
