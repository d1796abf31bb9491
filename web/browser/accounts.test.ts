// The customer's page: proofs, exports, personal data, filters.

import { expect, test } from "vitest";
import { type Page, saved, town } from "./harness";
import { DEBTOR } from "./params";

const t = town();

const PHOTO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Proof {
  evidence_no: number;
  file_name: string | null;
}

/** The proofs of an account that a test has kept. */
async function kept(accountNo: string): Promise<Proof[]> {
  const told = await t.api<{ items: Proof[] }>("collector", "GET", `/accounts/${accountNo}/evidence`);
  return told.items.filter((proof) => proof.file_name === "door.png");
}

async function fillProof(page: Page, note: string): Promise<void> {
  await page.getByRole("button", { name: "登记证据" }).click();
  const form = page.getByRole("dialog", { name: "登记证据" });
  await form.getByLabel("类型").click();
  await page.getByTitle("照片录像").click();
  await form.getByRole("spinbutton").fill("1");
  await form.getByLabel("地点").fill("灯火县人民路");
  await form.getByLabel("说明").fill(note);
  await form
    .locator("input[type=file]")
    .setInputFiles({ name: "door.png", mimeType: "image/png", buffer: PHOTO });
}

const submit = (page: Page) =>
  page.getByRole("dialog", { name: "登记证据" }).getByRole("button", { name: "保存" }).click();

test("a photo is kept as a proof, graded, and given back unchanged", async () => {
  const page = await t.signIn("collector", `/accounts/${DEBTOR}/evidence`);
  await fillProof(page, "门口照片");
  await t.shot(page, "evidence-form-zh");
  await submit(page);
  await page.getByRole("dialog", { name: "登记证据" }).waitFor({ state: "detached" });
  const [proof] = await kept(DEBTOR);
  const number = page.getByRole("cell", { name: String(proof?.evidence_no), exact: true });
  const row = page.getByRole("row").filter({ has: number });
  await row.locator(".ant-table-row-expand-icon").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^下\s?载$/ }).click(),
  ]);
  expect(await saved(download)).toEqual(PHOTO);
  await page.getByRole("button", { name: /^预\s?览$/ }).click();
  await page.getByRole("img", { name: "door.png" }).waitFor();
  await t.check(page);
  await t.shot(page, "evidence-zh");
});

test("a list is exported whole, and the choice of its columns stays", async () => {
  const page = await t.signIn("verifier", `/accounts/${DEBTOR}/bills`);
  await page.getByRole("columnheader", { name: "电费年月" }).waitFor();
  await page.getByRole("button", { name: "导出" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  const lines = (await saved(file)).toString("utf8").trim().split("\n");
  const bills = await t.api<{ items: unknown[] }>("verifier", "GET", `/accounts/${DEBTOR}/bills`);
  expect(lines).toHaveLength(bills.items.length + 1);
  await page.getByRole("button", { name: "列设置" }).click();
  await page.getByRole("checkbox", { name: "发行日" }).check();
  await page.getByRole("columnheader", { name: "发行日" }).waitFor();
  await page.reload();
  await page.getByRole("columnheader", { name: "发行日" }).waitFor();
});

test("a form whose answer was lost is sent again and done once", async () => {
  const page = await t.signIn("inspector", "/accounts/3710000017/evidence");
  let sent = 0;
  await page.route(/\/evidence\?/, async (route) => {
    if (route.request().method() === "POST" && ++sent === 1) {
      await route.fetch();
      await route.abort("connectionreset");
    } else {
      await route.continue();
    }
  });
  t.watch.allow(0, /evidence/);
  await fillProof(page, "只登记一次");
  await submit(page);
  await page.getByText("无法连接服务器").waitFor();
  await submit(page);
  await page.getByRole("dialog", { name: "登记证据" }).waitFor({ state: "detached" });
  expect(sent).toBe(2);
  expect(await kept("3710000017")).toHaveLength(1);
});

test("personal data is masked until it is asked for, where the role may", async () => {
  const cashier = await t.signIn("cashier", "/accounts/3710000017/contacts");
  await cashier.getByText("139****0017").waitFor();
  expect(await cashier.getByRole("button", { name: "显示完整信息" }).count()).toBe(0);
  const collector = await t.signIn("collector", "/accounts/3710000017/contacts");
  await collector.getByText("139****0017").waitFor();
  await collector.getByRole("button", { name: "显示完整信息" }).last().click();
  await collector.getByText("13900000017").waitFor();
});

test("the timeline shows the kinds that are asked for", async () => {
  const owing = await t.api<{ items: { account_no: string }[] }>(
    "collector",
    "GET",
    "/tasks?kind=dunning&limit=1",
  );
  const page = await t.signIn("collector", `/accounts/${owing.items[0]?.account_no}/timeline`);
  await page.getByText("催费步骤").first().waitFor();
  await page.getByRole("combobox", { name: "筛选事项" }).fill("抄表");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByText("催费步骤").first().waitFor({ state: "detached" });
  expect(await page.locator(".ant-timeline-item strong").allInnerTexts()).toContain("抄表");
});
