// Supervision: a finding is ordered, told and verified; a course ends in a certificate;
// an article is let out and read by a customer; a campaign shows what it came to.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type Page, town } from "./harness";
import { choose } from "./harness/hands";
import { PROGRAM } from "./harness/places";

const t = town();

interface Rows<T> {
  items: T[];
}

/** Presses the button of a deed and sends its form. */
async function deed(
  page: Page,
  label: string,
  fields: Record<string, string> = {},
  choices: Record<string, string> = {},
): Promise<void> {
  await page.getByRole("button", { name: label, exact: true }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.waitFor();
  for (const [field, text] of Object.entries(fields)) {
    await drawer.getByLabel(field, { exact: true }).fill(text);
  }
  for (const [field, option] of Object.entries(choices)) {
    await choose(page, field, option);
  }
  await drawer.getByRole("button", { name: label, exact: true }).click();
  await drawer.waitFor({ state: "hidden" });
}

test("a finding is ordered, its measure told, and another person verifies it", async () => {
  const collector = t.login("collector");
  const page = await t.signIn("manager", "/supervision/findings");
  await t.check(page);
  await t.shot(page, "supervision-findings");
  const { items: units } = await t.api<Rows<{ code: string; name: string }>>("manager", "GET", "/orgs");
  const unit = units.find((one) => one.code === "37001")?.name ?? "";
  await deed(page, "登记问题", { 问题内容: "催缴通知单未附违约金计算方法" }, { 责任单位: unit });
  await page.getByRole("heading", { level: 1, name: /问题 \d+/ }).waitFor();
  const no = Number(page.url().split("/").at(-1));
  expect(no).toBeGreaterThan(0);
  await page.getByText("催缴通知单未附违约金计算方法").first().waitFor();
  await deed(page, "下达整改通知单", { "责任人 (人员代码)": collector, 说明: "三日内更换通知单" });
  await page.getByText("整改中").first().waitFor();
  await t.check(page);
  const owner = await t.signIn("collector", `/supervision/findings/${no}`);
  await deed(owner, "反馈整改措施", { 说明: "已更换并重新送达" });
  await owner.getByText("待验证").first().waitFor();
  await t.shot(owner, "supervision-finding-told");
  await page.reload();
  await deed(page, "验证通过");
  await page.getByText("已销号").first().waitFor();
  const shown = await t.api<{ state: string; orders: { good: boolean }[] }>(
    "manager",
    "GET",
    `/findings/${no}`,
  );
  expect(shown.state).toBe("closed");
  expect(shown.orders.map((order) => order.good)).toEqual([true]);
});

test("an order that runs late is on the list, and was told upwards", async () => {
  const page = await t.signIn("manager", "/supervision/findings?late=true", {
    language: "en",
    theme: "dark",
  });
  await page.getByText("Late").first().waitFor();
  await t.check(page);
  await t.shot(page, "supervision-late-en-dark");
  const { items } = await t.api<Rows<{ finding_no: number; level: number }>>(
    "manager",
    "GET",
    "/findings?late=true",
  );
  expect(items.length).toBeGreaterThan(0);
  expect(items.some((row) => row.level > 0)).toBe(true);
  await page.goto(page.url().replace(/findings.*/, "checks"));
  await page.getByRole("heading", { level: 1, name: "Checks" }).waitFor();
  await t.check(page);
  await t.shot(page, "supervision-checks-en-dark");
});

test("a course ends in a certificate", async () => {
  const inspector = t.login("inspector");
  const page = await t.signIn("manager", "/supervision/training");
  await t.check(page);
  await t.shot(page, "training");
  await deed(page, "新增课程", { 课程代码: "first-aid", 名称: "触电急救", 英文名称: "First aid" });
  const row = page.getByRole("row", { name: /first-aid/ });
  await row.getByRole("button", { name: "安排培训班" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("日期", { exact: true }).fill(t.today);
  await drawer.getByLabel("日期", { exact: true }).press("Enter");
  await drawer.getByLabel("地点", { exact: true }).fill("会议室");
  await drawer.getByLabel("讲师", { exact: true }).fill("急救中心");
  await drawer.getByRole("button", { name: "安排培训班" }).click();
  await page.getByRole("heading", { level: 1, name: /触电急救/ }).waitFor();
  await deed(page, "登记出勤与成绩", { 人员: inspector, 成绩: "95" });
  await page.getByRole("cell", { name: inspector }).waitFor();
  await t.check(page);
  const { items } = await t.api<Rows<{ person: string; good: boolean }>>(
    "manager",
    "GET",
    "/certificates?course=first-aid",
  );
  expect(items).toMatchObject([{ person: inspector, good: true }]);
});

/** The code that waits for an address, from the outbox. */
function codeFor(address: string): string {
  const told = execFileSync(PROGRAM, ["--db", t.served.db, "notices", "codes", "--json"], {
    encoding: "utf8",
  });
  const waiting = JSON.parse(told) as { address: string; message: string | null }[];
  const message = waiting.filter((one) => one.address === address && one.message).at(-1)?.message;
  const code = message?.match(/\d{6}/)?.[0];
  if (!code) {
    throw new Error(`no code waits for ${address}`);
  }
  return code;
}

interface Contact {
  kind: string;
  value: string;
  verified_on: string | null;
  trouble: string | null;
}

/** An account whose only way is a telephone that is known to be the customer's. */
async function reachable(): Promise<{ account: string; mobile: string }> {
  for (let n = 1; n <= 120; n += 1) {
    const account = String(3_710_000_000 + n);
    const path = `/accounts/${account}/contacts?personal=true`;
    const { contacts } = await t
      .api<{ contacts: Contact[] }>("agent", "GET", path)
      .catch(() => ({ contacts: [] as Contact[] }));
    const own = contacts.find((one) => one.verified_on && !one.trouble && one.kind === "mobile");
    if (own && contacts.every((one) => one.kind !== "email")) {
      return { account, mobile: own.value };
    }
  }
  throw new Error("the town has nobody with a verified telephone");
}

test("an article is written, let out by another, and read by a customer", async () => {
  const page = await t.signIn("agent", "/outreach/articles");
  await t.check(page);
  await t.shot(page, "outreach-articles");
  await page.getByRole("button", { name: "撰写文章" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("代码", { exact: true }).fill("charging-at-home");
  await drawer.getByRole("combobox", { name: "主题" }).click();
  await page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: "安全用电" }).click();
  await drawer.getByLabel("中文标题", { exact: true }).fill("家用充电桩安全须知");
  await drawer.getByLabel("英文标题", { exact: true }).fill("Charging a car at home");
  await drawer.getByLabel("中文正文", { exact: true }).fill("充电回路应单独敷设并装漏电保护器。");
  await drawer.getByLabel("英文正文", { exact: true }).fill("Give it a circuit and a breaker of its own.");
  await drawer.getByRole("button", { name: "撰写文章" }).click();
  await page.getByRole("heading", { level: 1, name: "家用充电桩安全须知" }).waitFor();
  await page.getByText("草稿").first().waitFor();
  const leader = await t.signIn("manager", "/outreach/articles/charging-at-home");
  await leader.getByRole("button", { name: "发布", exact: true }).click();
  await leader.getByRole("dialog").getByRole("button").last().click();
  await leader.getByText("已发布").first().waitFor();
  await t.check(leader);

  const { account, mobile } = await reachable();
  const my = await t.open("/my", { screen: "phone" });
  await my.getByLabel("户号").fill(account);
  await my.getByRole("button", { name: "获取验证码" }).click();
  await my.getByText(/如户号正确/).waitFor();
  await my.getByLabel("验证码", { exact: true }).fill(codeFor(mobile));
  await my.getByRole("button", { name: "登录", exact: true }).click();
  await my.getByRole("link", { name: "知识" }).click();
  await my.getByRole("searchbox", { name: "搜索用电知识" }).fill("充电桩");
  await my.getByRole("searchbox", { name: "搜索用电知识" }).press("Enter");
  await my.getByRole("link", { name: /家用充电桩安全须知/ }).click();
  await my.getByText("充电回路应单独敷设并装漏电保护器。").waitFor();
  await t.check(my);
  await t.shot(my, "my-article-phone");
});

test("a campaign is made by one and let out by another, with what it came to", async () => {
  const { items } = await t.api<Rows<{ campaign_no: number }>>("manager", "GET", "/campaigns");
  const no = items[0]?.campaign_no ?? 0;
  const page = await t.signIn("manager", `/outreach/campaigns/${no}`);
  await page.getByText("触达与响应").waitFor();
  await t.check(page);
  await t.shot(page, "outreach-campaign");
  const shown = await t.api<{ effect: { accounts: number; told: number; held_out: number } }>(
    "manager",
    "GET",
    `/campaigns/${no}`,
  );
  expect(shown.effect.accounts).toBeGreaterThan(0);
  expect(shown.effect.told).toBeGreaterThan(0);
  expect(shown.effect.held_out).toBeGreaterThan(0);
});
