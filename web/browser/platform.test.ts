// Operations of the house: the business day, the rulebook, who may do what and who did, other systems, files of the registry.

import { expect, test } from "vitest";
import { type Page, town } from "./harness";

const t = town();

/** Chooses an option of a select by the text that it shows. */
async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.locator(".ant-select-dropdown:visible").getByText(option).first().click();
}

test("a day is tried, run with live progress, and looked at", async () => {
  const page = await t.signIn("manager", "/day/runs");
  await page.getByRole("heading", { name: "营业日运行" }).waitFor();
  await t.check(page);
  await page.getByRole("button", { name: "试运行" }).click();
  const trial = page.getByRole("dialog");
  await trial.getByText("未保存任何内容").waitFor({ timeout: 60_000 });
  await trial.getByText("计算电费").first().waitFor();
  await t.shot(page, "day-preview-zh");
  await trial.getByRole("button", { name: /^运\s?行$/ }).click();
  await page.waitForURL(/\/day\/runs\/\d{4}-\d{2}-\d{2}$/);
  await page.getByTestId("progress").waitFor();
  // The page follows by itself until the day is done.
  await page.getByText("完成", { exact: true }).first().waitFor({ timeout: 90_000 });
  await t.check(page);
  await t.shot(page, "day-run-zh", { doc: true, full: true });
  const runOn = page.url().split("/").at(-1) ?? "";
  const run = await t.api<{ state: string; due: number; done: number; parked: number }>(
    "manager",
    "GET",
    `/day-runs/${runOn}`,
  );
  expect(run.state).toBe("done");
  expect(run.due).toBe(run.done + run.parked);
  await page.getByRole("button", { name: "返回" }).click();
  await page.getByRole("cell", { name: runOn }).waitFor();
});

test("a rule shows its versions and what each changed", async () => {
  const page = await t.signIn("verifier", "/rulebook/rules?topic=late_fee");
  await page.getByRole("cell", { name: "cn.late_fee.2024" }).click();
  await page.getByRole("heading", { name: "cn.late_fee.2024" }).waitFor();
  const minimum = page.getByRole("row", { name: /params\.minimum/ });
  await minimum.waitFor();
  expect(await minimum.innerText()).toMatch(/1\.00\s+0\.00/);
  await t.check(page);
  await t.shot(page, "rule-zh", { full: true });
  await page.goto(t.url("/rulebook/changes?from=2024-05-31&to=2024-06-01"));
  await page.getByText("cn.late_fee.1996").waitFor();
  await t.check(page);
  await t.shot(page, "rule-changes-zh", { doc: true });
});

const RULE = `layer = "site"
[[rule]]
id = "site.log_retention"
topic = "log_retention"
from = "2026-01-01"
confidence = "L"
basis = { title = "本单位规定" }
params = { keep_months = 60 }
`;

test("a rule file is proposed by one person and put in force by another", async () => {
  const page = await t.signIn("administrator", "/rulebook/proposals");
  await page.getByRole("button", { name: "提出规则变更" }).click();
  await page.getByLabel("文件", { exact: true }).fill("site/log_retention.toml");
  await page.getByLabel("文件内容").fill(RULE.replace("60", '"x"'));
  await page.getByRole("button", { name: /^检\s?查$/ }).click();
  await page.getByText("规则库将有误").waitFor();
  await page.getByLabel("文件内容").fill(RULE);
  await page.getByRole("button", { name: /^检\s?查$/ }).click();
  await page.getByText("规则库无误").waitFor();
  await page.getByLabel("理由").fill("日志保存五年");
  await page.locator(".ant-drawer").getByRole("button", { name: "提出规则变更" }).click();
  await page.getByRole("cell", { name: "site/log_retention.toml" }).click();
  await page.getByRole("heading", { name: "规则变更 1" }).waitFor();
  await t.check(page);
  await t.shot(page, "rule-proposal-zh");
  const second = await t.signIn("manager", "/rulebook/proposals/1");
  await second.getByRole("button", { name: "批准并生效" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "批准并生效" }).click();
  await second.getByText("已生效").first().waitFor();
  const rules = await t.api<{ items: { id: string }[] }>("manager", "GET", "/rules?topic=log_retention");
  expect(rules.items.map((rule) => rule.id)).toContain("site.log_retention");
});

test("a login is changed, and the audit log shows before and after", async () => {
  const page = await t.signIn("administrator", "/people/logins");
  const name = t.login("cashier");
  const row = page.getByRole("row", { name: new RegExp(`^${name} `) });
  await row.getByRole("button", { name: /^修\s?改$/ }).click();
  await page.getByRole("switch", { name: "停用" }).click();
  await page
    .locator(".ant-drawer")
    .getByRole("button", { name: /^(保\s?存|提\s?交|确\s?定)$/ })
    .click();
  await row.getByText("已停用").waitFor();
  await t.check(page);
  await t.shot(page, "logins-zh", { doc: true });
  await page.goto(t.url("/audit/log?source=change&action=person_edit"));
  const line = page.getByRole("row", { name: /修改登录/ });
  await line.waitFor();
  await page
    .getByRole("button", { name: /展开|Expand/ })
    .first()
    .click();
  const field = page.getByRole("row", { name: /disabled_on/ });
  await field.waitFor();
  expect(await field.innerText()).toContain(t.today);
  await t.check(page);
  await t.shot(page, "audit-zh", { doc: true });
  // What use cases noted is told in words too.
  await page.goto(t.url("/audit/log?source=mark"));
  await page.getByRole("cell", { name: "登录", exact: true }).first().waitFor();
  expect(await page.getByText(/^[a-z_]+\.[a-z_]+$/).allTextContents()).toEqual([]);
});

test("a new login gets a one-time password and is at work with it", async () => {
  const page = await t.signIn("administrator", "/people/logins");
  await page.getByRole("button", { name: "新建登录" }).click();
  await page.getByRole("textbox", { name: "登录名" }).fill("admin2");
  await page.getByRole("switch", { name: "系统管理员" }).click();
  await page
    .locator(".ant-drawer")
    .getByRole("button", { name: /^(保\s?存|提\s?交|确\s?定)$/ })
    .click();
  const secret = (await page.getByTestId("secret").innerText()).trim();
  await page.getByRole("button", { name: "我已记下" }).click();
  const fresh = await t.open("/home");
  await fresh.getByLabel("登录名").fill("admin2");
  await fresh.getByLabel("密码", { exact: true }).fill(secret);
  await fresh.keyboard.press("Enter");
  await fresh.getByLabel("原密码").fill(secret);
  await fresh.getByLabel("新密码", { exact: true }).fill("Dengta-2027");
  await fresh.getByLabel("再次输入新密码").fill("Dengta-2027");
  await fresh.getByRole("button", { name: /^(保\s?存|提\s?交|确\s?定)$/ }).click();
  await fresh.getByRole("heading", { name: "我的工作" }).waitFor();
});

test("a file with bad rows is told by its lines, and a good one is taken", async () => {
  const page = await t.signIn("administrator", "/organisation/imports");
  await choose(page, "文件类别", /customers/);
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const input = page.locator("input[type=file]");
  await input.setInputFiles(file("new.csv", "code,name,kind\nZ1,甲某,person\nZ2,,robot\n"));
  t.watch.allow(422, /imports\/customers/);
  await page.getByRole("button", { name: "试导入" }).click();
  await page.getByText("file.bad_rows").waitFor();
  await page
    .getByRole("row", { name: /3.*kind/ })
    .first()
    .waitFor();
  await t.check(page);
  await t.shot(page, "import-bad-zh", { full: true });
  await input.setInputFiles(file("new.csv", "code,name,kind\nZ1,甲某,person\nZ2,乙公司,enterprise\n"));
  await page.getByRole("button", { name: "试导入" }).click();
  await page.getByText("检查通过:2行可以导入。").waitFor();
  await page.getByRole("button", { name: /^导\s?入$/ }).click();
  await page.getByRole("status").filter({ hasText: "已导入2行。" }).waitFor();
  await page.getByRole("cell", { name: "new.csv" }).waitFor();
});

test("a webhook and a token are made, and every page stands in English and dark", async () => {
  const page = await t.signIn("administrator", "/webhooks/endpoints", { language: "en", theme: "dark" });
  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("Address").fill("https://bank.example/in");
  await choose(page, "Events", "Payment posted");
  await page.keyboard.press("Escape");
  await page.locator(".ant-drawer").getByRole("button", { name: "Save" }).click();
  await page.getByText("Shown only now").waitFor();
  await page.getByRole("button", { name: "I have noted it" }).click();
  await page.getByRole("cell", { name: "https://bank.example/in" }).click();
  await page.getByRole("heading", { name: "Webhook 1" }).waitFor();
  await t.check(page);
  await t.shot(page, "webhook-en-dark");
  for (const [path, heading] of [
    ["/day/runs", "Business days"],
    ["/organisation/units", "Organisation"],
    ["/people/logins", "Logins and roles"],
    ["/people/tokens", "API tokens"],
    ["/webhooks/endpoints", "Webhooks"],
    ["/organisation/imports", "Imports"],
    ["/audit/log", "Audit log"],
    ["/rulebook/rules", "Rules"],
    ["/rulebook/changes", "What changed"],
    ["/rulebook/proposals", "Proposed changes"],
    ["/rulebook/calendar", "Calendar"],
  ] as const) {
    if (path === "/day/runs") {
      continue;
    }
    await page.goto(t.url(path));
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    await t.check(page);
    await t.shot(page, `platform${path.replaceAll("/", "-")}-en-dark`);
  }
});
