// Collecting and telling: the list, the card, serving with a receipt, contacts that fail, what two persons decide.

import { expect, test } from "vitest";
import { type Page, town } from "./harness";

const t = town();

interface Rows<T> {
  items: T[];
}

/** Chooses an option of a select by its label. */
async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page
    .locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: option })
    .first()
    .click();
}

/** The first debtor on the collector's list who has agreed nothing yet. */
async function debtor(): Promise<string> {
  const { items } = await t.api<Rows<{ account_no: string }>>("collector", "GET", "/worklist?limit=200");
  for (const { account_no } of items) {
    const card = await t.api<{ acts: { what: string; allowed: boolean }[] }>(
      "collector",
      "GET",
      `/accounts/${account_no}/call-card`,
    );
    const may = (what: string) => card.acts.some((act) => act.what === what && act.allowed);
    if (may("promise") && may("waiver")) {
      return account_no;
    }
  }
  throw new Error("the town has no debtor who may promise");
}

test("a demand notice is served with a signature at the desk", async () => {
  const { items } = await t.api<Rows<{ account_no: string; notice_no: number }>>(
    "collector",
    "GET",
    "/notices?kind=demand&state=open",
  );
  const [first] = items;
  if (!first) {
    throw new Error("the town has no open demand notice");
  }
  const page = await t.signIn("collector", `/notices/one/${first.account_no}/${first.notice_no}`);
  await page.getByRole("button", { name: "登记送达" }).click();
  await page.getByLabel("签收人", { exact: true }).fill("本人");
  const pad = page.getByTestId("signature");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) {
    throw new Error("there is nothing to sign in");
  }
  await page.mouse.move(box.x + 30, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 140, box.y + 90, { steps: 8 });
  await page.mouse.up();
  await t.shot(page, "notices-serve-zh");
  await page.getByRole("button", { name: /^保\s?存$/ }).click();
  await page.getByText("已登记").or(page.getByText("已送达")).first().waitFor();
  await t.check(page);
  const proofs = await t.api<Rows<{ kind: string; file_name: string }>>(
    "collector",
    "GET",
    `/accounts/${first.account_no}/evidence`,
  );
  expect(proofs.items[0]).toMatchObject({ kind: "signed_receipt", file_name: "signature.png" });
});

test("a contact that fails is replaced", async () => {
  const { items } = await t.api<Rows<{ account_no: string }>>("agent", "GET", "/accounts?q=3710000005");
  const account = items[0]?.account_no ?? "3710000005";
  const value = `138${String(Date.now()).slice(-8)}`;
  const body = { kind: "mobile", value, source: "counter", verified_how: "counter" };
  await t.api("agent", "POST", `/accounts/${account}/contacts`, body);
  const page = await t.signIn("agent", `/accounts/${account}/contacts`);
  const change = page
    .getByRole("row", { name: new RegExp(value.slice(-4)) })
    .getByRole("button", { name: "核查与变更" });
  await change.click();
  await choose(page, "结果", "无法接通");
  await page.getByRole("button", { name: /^保\s?存$/ }).click();
  await page.getByRole("row", { name: /无法接通/ }).waitFor();
  await page.goto(t.url("/notices/failures"));
  await page.getByRole("cell", { name: account, exact: true }).first().waitFor();
  await t.check(page);
  await t.shot(page, "notices-failures-zh");
  await page.goto(t.url(`/accounts/${account}/contacts`));
  await change.click();
  await choose(page, "结果", "已更换");
  await page.getByLabel("新的号码或地址").fill(`139${value.slice(3)}`);
  await page.getByRole("button", { name: /^保\s?存$/ }).click();
  await page.getByText("139****").first().waitFor();
  await t.check(page);
});

test("a waiver is asked for by one person and approved by another", async () => {
  const account = await debtor();
  const page = await t.signIn("collector", `/collections/card/${account}`);
  await page.getByRole("button", { name: "申请减免" }).click();
  await choose(page, "账单", /未缴违约金/);
  await choose(page, "减免原因", /差错/);
  await page.getByLabel("理由").fill("抄表差错,已核实");
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const manager = await t.signIn("manager", "/collections/approvals?state=open");
  const row = manager.getByRole("row", { name: new RegExp(account) });
  await row.getByRole("button", { name: /批\s?准/ }).waitFor();
  await t.check(manager);
  await t.shot(manager, "collections-approvals-zh");
  await row.getByRole("button", { name: /批\s?准/ }).click();
  await manager
    .getByRole("dialog")
    .getByRole("button", { name: /批\s?准/ })
    .click();
  await row.waitFor({ state: "detached" });
  const debts = await t.api<{ debts: { waived: string }[] }>("manager", "GET", `/accounts/${account}/debts`);
  expect(debts.debts.some((debt) => debt.waived !== "0.00")).toBe(true);
});

for (const [path, heading] of [
  ["/collections/arrears", "Arrears"],
  ["/collections/ageing", "Ageing and recovery"],
  ["/collections/plans", "Plans and promises"],
  ["/collections/holds", "Holds"],
  ["/notices/list", "Notices"],
  ["/notices/late", "Late notices"],
  ["/notices/papers", "Papers"],
] as const) {
  test(`${path} fits the screen in English and in the dark`, async () => {
    const page = await t.signIn("manager", path, { language: "en", theme: "dark" });
    await page.getByRole("heading", { name: heading }).waitFor();
    await t.check(page);
    await t.shot(page, `${path.slice(1).replace("/", "-")}-en-dark`);
  });
}
