// Collecting and telling: the list, the card, serving with a receipt, contacts that fail, what two persons decide.

import { expect, test } from "vitest";
import { town } from "./harness";
import { choose, press, sign } from "./harness/hands";

const t = town();

interface Rows<T> {
  items: T[];
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
  await sign(page, "现场签名");
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

test("from the collector's list over the call card to a promise", async () => {
  const account = await debtor();
  const page = await t.signIn("collector", "/collections/worklist");
  await page.getByRole("heading", { name: "催费工作清单" }).waitFor();
  await t.check(page);
  await t.shot(page, "collections-worklist-zh");
  await page.goto(t.url(`/collections/card/${account}`));
  await page.getByTestId("hours").waitFor();
  await t.check(page);
  await t.shot(page, "collections-card-zh", { full: true });
  await page.getByRole("button", { name: "登记承诺" }).click();
  await page.getByLabel("承诺缴费日").click();
  await page.locator(`.ant-picker-dropdown:visible td[title="${t.after(3)}"]`).click();
  await press(page.getByRole("dialog"), "保存");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByText("付款承诺").first().waitFor();
  const shown = await t.api<{ plans: { kind: string; state: string }[] }>(
    "collector",
    "GET",
    `/accounts/${account}/agreements`,
  );
  expect(shown.plans[0]).toMatchObject({ kind: "promise", state: "running" });
});

test("who may not be called now is not, and the card names the clause", async () => {
  const account = await debtor();
  // The customer called himself: that may be noted at any hour, and it was the contact of the day.
  const body = { outcome: "reached", note: "来电询问", incoming: true };
  await t.api("collector", "POST", `/accounts/${account}/calls`, body);
  const page = await t.signIn("collector", `/collections/card/${account}`);
  await page.getByTestId("hours").getByText("sgcc.contact_limits").waitFor();
  expect(await page.getByTestId("hours").innerText()).toMatch(/已达上限|免打扰时段/);
  await page.getByRole("button", { name: "登记通话" }).click();
  await page.getByLabel("通话内容").fill("请尽快缴费");
  t.watch.allow(409, /calls/);
  await page.getByRole("button", { name: /^保\s?存$/ }).click();
  await page.getByText(/contact\.(quiet_hours|too_often)/).waitFor();
  await t.shot(page, "collections-call-blocked-zh");
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
