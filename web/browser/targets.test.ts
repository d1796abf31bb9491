// Targets, appraisals and bonus sheets, as the people of a town do them.

import { expect, test } from "vitest";
import { type Page, town } from "./harness";

const t = town();

interface Target {
  target_no: number;
  period: string;
  state: string;
}

const YEAR = t.today.slice(0, 4);

async function target(period: RegExp): Promise<Target> {
  const told = await t.api<{ items: Target[] }>("manager", "GET", "/targets?limit=50");
  const found = told.items.find((one) => period.test(one.period));
  expect(found, `a target for ${period}`).toBeDefined();
  return found as Target;
}

/** The drawer that is open. */
function drawer(page: Page) {
  return page.locator(".ant-drawer-open");
}

test("a manager sees the tree of the month with its forecast, and sets a share of the year by hand: the rest is shared anew", async () => {
  const running = await target(new RegExp(`^${t.today.slice(0, 7)}$`));
  const month = await t.signIn("manager", `/targets/targets/${running.target_no}`);
  await month.getByRole("columnheader", { name: "期末预测" }).waitFor();
  await t.check(month);
  await t.shot(month, "target-forecast-zh");
  await month.close();
  const year = await target(/^\d{4}$/);
  const page = await t.signIn("manager", `/targets/targets/${year.target_no}`);
  await page.getByRole("heading", { level: 1, name: YEAR }).waitFor();
  await page.getByRole("columnheader", { name: "完成率" }).waitFor();
  await page.getByRole("img", { name: "各责任人的指标完成率,按高低排列" }).waitFor();
  await t.check(page);
  await t.shot(page, "target-tree-zh");
  const told = () =>
    t.api<{ nodes: { node_no: number; parent_no: number | null; amount: string; staff: string | null }[] }>(
      "manager",
      "GET",
      `/targets/${year.target_no}`,
    );
  const before = (await told()).nodes;
  const person = before.find((node) => node.staff);
  expect(person).toBeDefined();
  await page
    .getByRole("button", { name: `调整 ${person?.staff}` })
    .first()
    .click();
  await drawer(page).getByLabel("调整后指标").fill("1.00");
  await drawer(page).getByLabel("理由").fill("片区移交");
  await drawer(page)
    .getByRole("button", { name: /调\s*整/ })
    .click();
  await drawer(page).waitFor({ state: "detached" });
  await page.locator(`[data-node='${person?.staff}']`).getByText("已固定").waitFor();
  const after = (await told()).nodes;
  expect(after.find((node) => node.node_no === person?.node_no)?.amount).toBe("1.00");
  const fen = (text: string) => BigInt(text.replace(".", ""));
  for (const node of after) {
    const below = after.filter((child) => child.parent_no === node.node_no);
    if (below.length > 0) {
      expect(below.reduce((sum, child) => sum + fen(child.amount), 0n)).toBe(fen(node.amount));
    }
  }
});

test("an employee reads how his score came about and disputes it, his manager decides", async () => {
  const mine = await t.api<{ items: { month: string; staff: string }[] }>(
    "reader",
    "GET",
    "/appraisals?mine=true",
  );
  const month = mine.items[0]?.month ?? "";
  const staff = mine.items[0]?.staff ?? "";
  const page = await t.signIn("reader", "/targets/appraisals");
  await page.getByRole("heading", { level: 1, name: "我的考核" }).waitFor();
  await page.getByRole("cell", { name: month }).first().click();
  await page.getByRole("heading", { level: 1, name: `${month} ${staff}` }).waitFor();
  await page.getByText("得分推导").waitFor();
  await t.check(page);
  await t.shot(page, "appraisal-zh");
  await page.getByRole("button", { name: "提出异议" }).click();
  await drawer(page).getByLabel("说明").fill("更正的示数为表计故障所致");
  await drawer(page).getByRole("button", { name: "提出异议" }).click();
  await page.locator("main, .ant-layout-content").getByText("有异议").first().waitFor();
  await page.close();
  const manager = await t.signIn("manager", `/targets/appraisals/${month}/${staff}`, {
    language: "en",
    theme: "dark",
  });
  await manager.getByText("更正的示数为表计故障所致").waitFor();
  await manager.getByRole("button", { name: "Decide" }).click();
  await drawer(manager).getByLabel("Why").fill("表计故障已核实");
  await drawer(manager).getByRole("button", { name: "Decide" }).click();
  await manager.getByText("Decided").first().waitFor();
  await t.check(manager);
  await t.shot(manager, "appraisal-decided-en");
  const stands = await t.api<{ state: string; decided: string; score: string }>(
    "manager",
    "GET",
    `/appraisals/${month}/${staff}`,
  );
  expect([stands.state, stands.decided]).toEqual(["decided", stands.score]);
});

test("a bonus sheet that the accountant drew up is agreed to and frozen", async () => {
  const sheets = await t.api<{ items: { sheet_no: number; state: string; total: string }[] }>(
    "manager",
    "GET",
    "/bonus-sheets",
  );
  const sheet = sheets.items.find((one) => one.state === "draft");
  expect(sheet).toBeDefined();
  const page = await t.signIn("manager", "/targets/bonus");
  await page.getByText("待审批").first().click();
  await page.getByRole("heading", { level: 1, name: `奖金表 ${sheet?.sheet_no}` }).waitFor();
  await page.locator(".ant-table-row-expand-icon").first().click();
  await page
    .getByText(/合计.*元/)
    .first()
    .waitFor();
  await t.check(page);
  await t.shot(page, "bonus-sheet-zh");
  for (const [deed, state] of [
    ["审批同意", "已审批"],
    ["封存", "已封存"],
  ] as const) {
    const spaced = new RegExp(`^${[...deed].join("\\s*")}$`);
    await page.getByRole("button", { name: spaced }).click();
    await page.getByRole("dialog").getByRole("button", { name: spaced }).click();
    await page.getByText(state).first().waitFor();
  }
  const kept = await t.api<{ state: string }>("manager", "GET", `/bonus-sheets/${sheet?.sheet_no}`);
  expect(kept.state).toBe("frozen");
});

test("targets and appraisals are there in both languages and on a phone", async () => {
  for (const [language, screen] of [
    ["zh", "phone"],
    ["en", "desk"],
  ] as const) {
    for (const [path, name] of [
      ["/targets/targets", "targets"],
      ["/targets/charges", "route-charges"],
      ["/targets/appraisals", "appraisals"],
    ] as const) {
      const page = await t.signIn("manager", path, {
        language,
        screen,
        theme: language === "en" ? "dark" : "light",
      });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await t.check(page);
      await t.shot(page, `${name}-${language}-${screen}`);
      await page.close();
    }
  }
});
