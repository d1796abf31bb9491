// Work that goes from hand to hand: each step on its page, by the person whose it is, with days in between.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractText, getDocumentProxy } from "unpdf";
import { expect, test } from "vitest";
import { type Page, saved, town } from "./harness";
import { choose, kept, line, press, sign } from "./harness/hands";
import { mailbox } from "./harness/mailbox";

const t = town();

interface Rows<T> {
  items: T[];
}

interface Meter {
  account_no: string;
  meter_no: string;
  due_on: string;
  last: { kind: string; value: string }[];
  last_use: { kwh: number } | null;
}

/** The words on a PDF. */
async function wordsOf(file: Buffer): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(file)), { mergePages: true });
  return text.replaceAll(/\s/g, "");
}

const pressSave = (page: Page) => press(page, "保存");

/** The bills of the day leave by a relay that keeps them. */
async function mailed(): Promise<{ to: string; content: string }[]> {
  const relay = await mailbox();
  const config = join(mkdtempSync(join(tmpdir(), "denghuo-mail-")), "site.toml");
  const lines = ["[mail]", 'server = "127.0.0.1"', `port = ${relay.port}`, 'tls = "none"'];
  writeFileSync(config, [...lines, 'from = "bill@example.cn"', 'name = "灯火县供电公司"', ""].join("\n"));
  await t.served.beside("notices", "send", "--config", config, "--at", `${t.today}T10:00:00`);
  await relay.close();
  return relay.mails;
}

test("a doubtful reading is read again, billed, released by a second person, mailed, and paid at the counter", {
  timeout: 400_000,
}, async () => {
  await t.later(1);
  const { meters } = await t.api<{ meters: Meter[] }>("reader", "GET", "/field/package");
  const meter = meters.find((one) => one.due_on < t.today && one.last_use !== null && one.last.length === 1);
  if (!meter) {
    throw new Error(`nothing is due to be read: ${JSON.stringify(meters)}`);
  }
  const { account_no: account } = meter;
  const last = Math.floor(Number(meter.last[0]?.value));
  const contact = { kind: "email", value: "household@example.cn", preferred: true, consent: true };
  await t.api("agent", "POST", `/accounts/${account}/contacts`, {
    ...contact,
    source: "counter",
    verified_how: "counter",
  });

  // The reader types a reading below the last one: the verdict is there at once.
  const entry = await t.signIn("reader", "/metering/entry");
  await entry.getByLabel("户号").fill(account);
  await entry.getByLabel("有功总示数").fill(String(last - 500));
  await entry.keyboard.press("Enter");
  await entry.getByText("示数倒走", { exact: true }).waitFor();
  await t.check(entry);
  await t.shot(entry, "chain-entry-zh");

  await t.later(1);
  const desk = await t.signIn("verifier", "/metering/exceptions");
  const doubt = desk.getByRole("row", { name: new RegExp(account) });
  await doubt.getByRole("button", { name: /处\s?理/ }).click();
  await choose(desk, "处理方式", "补抄");
  await desk.getByRole("textbox", { name: "理由" }).fill("示数小于上次,安排补抄");
  await t.check(desk);
  await t.shot(desk, "chain-doubt-zh");
  await pressSave(desk);
  await doubt.waitFor({ state: "detached" });

  // It is on the reader's phone again.
  const phone = await t.signIn("reader", "/field", { screen: "phone" });
  const card = phone.locator(".ant-card", { hasText: meter.meter_no }).first();
  await card.getByRole("button", { name: /^抄\s?表$/ }).click();
  const used = 4 * (meter.last_use?.kwh ?? 60);
  await phone.locator(".ant-drawer input[inputmode=decimal]").fill(String(last + used));
  await phone.getByText("电量突增").waitFor();
  await t.shot(phone, "chain-reread-phone-zh");
  await pressSave(phone);
  await phone.getByText("已全部同步").waitFor();
  await t.check(phone);

  // The bill is made, and held: much was used. One person confirms the reading, another lets the bill through.
  await t.later(1);
  const again = await t.signIn("verifier", "/metering/exceptions");
  const spike = again.getByRole("row", { name: new RegExp(account) });
  await spike.getByText("电量突增").first().waitFor();
  await spike.getByRole("button", { name: /处\s?理/ }).click();
  // Its bill rests on it: it is not offered to be read again.
  await again.getByText(/已算费至/).waitFor();
  await again.getByRole("combobox", { name: "处理方式" }).click();
  await again.locator(".ant-select-item-option-disabled", { hasText: "补抄" }).waitFor();
  await again.locator(".ant-select-item-option", { hasText: "确认示数" }).click();
  await again.getByRole("textbox", { name: "理由" }).fill("现场复核,新装空调");
  await pressSave(again);
  await spike.waitFor({ state: "detached" });
  const waits = { name: new RegExp(account) };
  const own = await t.api<Rows<{ account_no: string; prepared_by: string; amount: string }>>(
    "manager",
    "GET",
    "/waiting-bills?limit=500",
  );
  const bill = own.items.find((one) => one.account_no === account);
  expect(bill?.prepared_by).toBe("system");
  const gate = await t.signIn("manager", "/billing/waiting");
  await gate
    .getByRole("row", waits)
    .getByRole("button", { name: /审批发行/ })
    .click();
  await gate.getByRole("textbox", { name: "理由" }).fill("补抄示数已核对");
  await t.shot(gate, "chain-release-zh");
  await gate
    .getByRole("dialog")
    .getByRole("button", { name: /审批发行/ })
    .click();
  await gate.getByText("已审批 1 笔").waitFor();
  await t.check(gate);

  await t.later(1);
  const bills = await t.api<Rows<{ bill_no: number; state: string; amount: string; open: string }>>(
    "cashier",
    "GET",
    `/accounts/${account}/bills`,
  );
  expect(bills.items[0]).toMatchObject({ state: "open", amount: bill?.amount });
  const mail = (await mailed()).find((one) => one.to === contact.value);
  expect(mail?.content).toMatch(/application\/pdf/);

  const owed = await t.api<{ to_pay: string }>("cashier", "GET", `/accounts/${account}/debts`);
  expect(Number(owed.to_pay)).toBeGreaterThan(0);
  const counter = await t.signIn("cashier", "/payments/counter");
  await counter.getByLabel("户号").fill(account);
  await counter.keyboard.press("Enter");
  await counter.getByRole("button", { name: "开支付单" }).waitFor();
  await t.check(counter);
  await t.shot(counter, "chain-counter-zh");
  await press(counter, "收费");
  const receipt = counter.getByRole("status").filter({ hasText: "收据号" });
  await receipt.waitFor();
  await t.shot(counter, "chain-receipt-zh");
  const [file] = await Promise.all([
    counter.waitForEvent("download"),
    receipt.getByRole("button", { name: "打印回执" }).click(),
  ]);
  const number = (await receipt.innerText()).match(/收据号 (\S+)/)?.[1] ?? "";
  const paper = await wordsOf(await saved(file));
  expect(paper).toContain(account);
  expect(paper).toContain(number);
  const { to_pay } = await t.api<{ to_pay: string }>("cashier", "GET", `/accounts/${account}/debts`);
  expect(to_pay).toBe("0.00");
});

test("a demand is served at the door without a line; the cut is blocked until it is proved; a payment revokes the warrant", {
  timeout: 500_000,
}, async () => {
  // Somebody long overdue whom no demand has reached.
  const failed = await t.api<Rows<{ account_no: string; notice_no: number }>>(
    "collector",
    "GET",
    "/notices?kind=demand&state=failed&limit=50",
  );
  const [notice] = failed.items;
  if (!notice) {
    throw new Error("every demand of the town has arrived");
  }
  const account = notice.account_no;
  const cuts = `/disconnection/cases/${account}`;

  const blocked = await t.signIn("collector", cuts);
  const gate = (code: string, passed: boolean) => `[data-gate='${code}'][data-passed='${passed}']`;
  await blocked.locator(gate("G02", false)).first().waitFor();
  const propose = blocked.getByRole("button", { name: "提出停电" });
  await propose.hover();
  const why = blocked.getByRole("tooltip").locator(gate("G02", false));
  await why.getByText("没有在缴费期满后送达并有证据的催缴通知").waitFor();
  expect(await why.innerText()).toMatch(/第.+条/);
  await t.check(blocked);
  await t.shot(blocked, "chain-blocked-zh");

  // The collector has it brought to the door and takes it along.
  await blocked.goto(t.url(`/notices/one/${account}/${notice.notice_no}`));
  await press(blocked, "安排上门送达");
  await blocked.getByText("上门").first().waitFor();
  await t.check(blocked);
  const phone = await t.signIn("collector", "/field", { screen: "phone" });
  await kept(phone);
  await line(t, phone, false);
  await phone.getByText(/^送达/).first().click();
  const card = phone.locator(".ant-card", { hasText: account }).first();
  await card.getByRole("button", { name: /^送\s?达$/ }).click();
  await phone.getByLabel("签收人", { exact: true }).fill("本人");
  await sign(phone, "请在框内签名");
  await phone.locator("input[type=file]").setInputFiles({
    name: "door.png",
    mimeType: "image/png",
    buffer: PHOTO,
  });
  await phone.getByRole("button", { name: "已拍照" }).waitFor();
  await t.check(phone);
  await t.shot(phone, "chain-serve-phone-zh");
  await pressSave(phone);
  await phone.getByText("待同步 1").waitFor();
  await line(t, phone, true);
  await phone.getByText("已全部同步").waitFor();
  const proofs = await t.api<Rows<{ kind: string; subject: string; file_name: string }>>(
    "collector",
    "GET",
    `/accounts/${account}/evidence`,
  );
  const about = proofs.items.filter((proof) => proof.subject === `notice:${notice.notice_no}`);
  expect(about.map((proof) => [proof.kind, proof.file_name]).sort()).toEqual([
    ["photo", "photo.jpg"],
    ["signed_receipt", "signature.png"],
  ]);

  // Now the gate holds, and the cut goes its way through two persons.
  await blocked.goto(t.url(cuts));
  await blocked.locator(gate("G02", true)).first().waitFor();
  await press(blocked, "提出停电");
  await confirm(blocked, "提出停电");
  await blocked.getByText("待审批").first().waitFor();
  const own = await t.signIn("manager", cuts);
  await press(own, /^审\s?批$/);
  await confirm(own, /^审\s?批$/);
  await own.locator(gate("G03", true)).first().waitFor();
  await t.check(own);
  await t.shot(own, "chain-approved-zh");

  // The plan is served by hand; three days later the warrant can be made.
  await t.later(1);
  const { items } = await t.api<Rows<{ notice_no: number }>>(
    "collector",
    "GET",
    `/notices?kind=stop_plan&state=open&limit=500`,
  );
  const plans = items as unknown as { account_no: string; notice_no: number }[];
  const plan = plans.find((one) => one.account_no === account);
  if (!plan) {
    throw new Error("no stop-plan notice was made");
  }
  const serving = await t.signIn("collector", `/notices/one/${account}/${plan.notice_no}`);
  await press(serving, "登记送达");
  await serving.getByLabel("签收人", { exact: true }).fill("本人");
  await sign(serving, "现场签名");
  await pressSave(serving);
  await serving.getByText("已送达").first().waitFor();
  // Within the window of the notice, and on no weekend.
  const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  await t.later([4, 5, 6].find((n) => !isWeekend(t.after(n))) ?? 4);
  await warranted(account);
});

/** The warrant, and the payment that ends it. */
async function warranted(account: string): Promise<void> {
  const cuts = `/disconnection/cases/${account}`;
  const crew = await t.signIn("inspector", cuts);
  await press(crew, "签发停电许可");
  await confirm(crew, "签发停电许可");
  const warrant = crew.getByRole("region", { name: "停电许可" });
  await warrant.getByText("有效", { exact: true }).waitFor();
  await t.check(crew);
  await t.shot(crew, "chain-warrant-zh", { full: true });
  const counter = await t.signIn("cashier", "/payments/counter");
  await counter.getByLabel("户号").fill(account);
  await counter.keyboard.press("Enter");
  await press(counter, "收费");
  await counter.getByText("收据号").waitFor();
  await crew.reload();
  await warrant.getByText("缴费").first().waitFor();
  expect(await warrant.getByText("有效", { exact: true }).count()).toBe(0);
  await t.check(crew);
  await t.shot(crew, "chain-revoked-zh", { full: true });
}

const PHOTO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Says yes in the question that a deed asks. */
async function confirm(page: Page, name: string | RegExp): Promise<void> {
  const question = page.getByRole("dialog");
  await question.getByRole("button", { name }).click();
  await question.waitFor({ state: "hidden" });
}

test("a bank file is tried, posted with a line that nobody knows, and that line is given to its account", async () => {
  const arrears = await t.api<Rows<{ account_no: string; to_pay: string }>>(
    "collector",
    "GET",
    "/arrears?limit=20",
  );
  const [known, owner] = arrears.items;
  const file = [
    "external_id,account_no,amount,value_on,payer",
    `B-1,${known?.account_no},10.00,${t.today},某公司`,
    `B-2,9999999999,23.45,${t.today},王某`,
    "",
  ].join("\n");
  const page = await t.signIn("accountant", "/payments/bank");
  await page.locator("input[type=file]").setInputFiles({
    name: "bank-1.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(file),
  });
  await page.getByLabel("银行", { exact: true }).fill("县农商行");
  await press(page, /试\s?算/);
  await page.getByText("试算结果,未入账").waitFor();
  await t.check(page);
  await t.shot(page, "chain-bank-zh");
  await press(page, /入\s?账/);
  await page.getByRole("status").getByText("已入账").waitFor();
  await page.goto(t.url("/payments/suspense"));
  const row = page.getByRole("row", { name: /bank-1\.csv/ });
  await row.getByText("23.45").waitFor();
  await t.check(page);
  await t.shot(page, "chain-suspense-zh");
  await row.getByRole("button", { name: /认\s?领/ }).click();
  await page
    .getByRole("dialog")
    .getByLabel("户号")
    .fill(owner?.account_no ?? "");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /认\s?领/ })
    .click();
  await row.waitFor({ state: "detached" });
  const paid = await t.api<Rows<{ amount: string; channel: string }>>(
    "cashier",
    "GET",
    `/accounts/${owner?.account_no}/payments`,
  );
  expect(paid.items[0]?.amount).toBe("23.45");
});
