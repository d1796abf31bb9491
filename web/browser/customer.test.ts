// Customers: they come in with a code, see their bill in words, change how they are reached, and say what is wrong.

import { execFileSync } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import { type Page, town } from "./harness";
import { PROGRAM } from "./harness/places";

const t = town();

/** The code that waits for an address, from the outbox. */
function codeFor(address: string): string {
  const told = execFileSync(PROGRAM, ["--db", t.served.db, "notices", "codes", "--json"], {
    encoding: "utf8",
  });
  const waiting = JSON.parse(told) as { address: string; message: string | null }[];
  const message = waiting.filter((one) => one.address === address && one.message).at(-1)?.message;
  const code = message?.match(/\d{6}/)?.[0];
  if (!code) {
    throw new Error(`no code waits for ${address}: ${told}`);
  }
  return code;
}

let account = "";
let mobile = "";

interface Contacts {
  contacts: { kind: string; value: string; verified_on: string | null; trouble: string | null }[];
}

beforeAll(async () => {
  for (let n = 1; n <= 120 && account === ""; n += 1) {
    const no = String(3_710_000_000 + n);
    const path = `/accounts/${no}/contacts?personal=true`;
    const { contacts } = await t.api<Contacts>("agent", "GET", path).catch(() => ({ contacts: [] }));
    const own = contacts.filter((one) => one.verified_on && !one.trouble && one.kind === "mobile");
    const debts = await t
      .api<{ balance: { to_pay: string } }>("agent", "GET", `/accounts/${no}`)
      .catch(() => null);
    if (own[0] && contacts.every((one) => one.kind !== "email") && Number(debts?.balance.to_pay ?? 0) > 0) {
      account = no;
      mobile = own[0].value;
    }
  }
  expect(account).not.toBe("");
}, 60_000);

async function signIn(language: "zh" | "en", theme: "light" | "dark" = "light"): Promise<Page> {
  const page = await t.open("/my", { screen: "phone", language, theme });
  const w =
    language === "zh"
      ? { no: "户号", send: "获取验证码", code: "验证码", enter: "登录", sent: /如户号正确/ }
      : {
          no: "Account number",
          send: "Send me a code",
          code: "Code",
          enter: "Sign in",
          sent: /If the number is right/,
        };
  await page.getByLabel(w.no).fill(account);
  await t.check(page);
  await page.getByRole("button", { name: w.send }).click();
  await page.getByText(w.sent).waitFor();
  await page.getByLabel(w.code, { exact: true }).fill(codeFor(mobile));
  await page.getByRole("button", { name: w.enter, exact: true }).click();
  return page;
}

test("a wrong code does not open, and a stranger learns nothing", async () => {
  const page = await t.open("/my", { screen: "phone" });
  await page.getByLabel("户号").fill("9999999999");
  await page.getByRole("button", { name: "获取验证码" }).click();
  await page.getByText(/如户号正确/).waitFor();
  t.watch.allow(401, /customer\/login/);
  await page.getByLabel("验证码", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByText(/户号或验证码不正确/).waitFor();
});

test("a customer signs in with a code, sees what is due and why, and pays by a code", async () => {
  const page = await signIn("zh");
  await page.getByText("现应缴").waitFor();
  await t.check(page);
  await t.shot(page, "my-home-phone", { doc: true });
  await page.getByRole("link", { name: "账单", exact: true }).click();
  await page.getByRole("link", { name: /未缴/ }).first().click();
  await page.getByText("这笔电费怎么算出来的").waitFor();
  expect(await page.locator("ol li").count()).toBeGreaterThanOrEqual(2);
  await t.check(page);
  await t.shot(page, "my-bill-phone", { full: true });
  await page.getByRole("button", { name: "扫码缴费" }).click();
  await page.getByRole("img", { name: "付款码" }).locator("svg").waitFor();
  await t.check(page);
  await t.shot(page, "my-pay-phone", { doc: true });
  await page.getByRole("button", { name: "模拟付款" }).click();
  await page.getByText(/^已收到 .+ 元$/).waitFor();
  await page.getByText("已缴清").waitFor();
  await t.shot(page, "my-paid-phone");
  await page.getByRole("link", { name: "用电量" }).click();
  await page.getByText("每月用电量").waitFor();
  await t.check(page);
  await t.shot(page, "my-usage-phone");
  await page.getByRole("link", { name: "通知" }).click();
  await page.getByText("电费账单").first().waitFor();
  await t.check(page);
  await t.shot(page, "my-notices-phone");
});

test("a new contact counts after its code; a report becomes a ticket; English and dark", async () => {
  const page = await signIn("en", "dark");
  await page.getByText("To pay now").waitFor();
  await t.check(page);
  await t.shot(page, "my-home-phone-en-dark");
  await page.getByRole("link", { name: "Service" }).click();
  await page.getByRole("button", { name: "Change or add" }).click();
  await page.getByLabel("New mobile number").fill("13900000077");
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByText(/A code is on its way to the new/).waitFor();
  await page.getByLabel("Code", { exact: true }).fill(codeFor("13900000077"));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText(/The new contact counts/).waitFor();
  await page.getByLabel("What happened").fill("no power since noon");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText(/Taken as number \d+/).waitFor();
  await t.check(page);
  await t.shot(page, "my-service-phone-en-dark", { full: true });
  const tickets = `/accounts/${account}/tickets`;
  const told = await t.api<{ items: { ticket_no: number; source: string }[] }>("agent", "GET", tickets);
  const online = told.items.find((ticket) => ticket.source === "online");
  const ticket = await t.api<{ said: string }>("agent", "GET", `${tickets}/${online?.ticket_no}`);
  expect(ticket.said).toBe("no power since noon");
  const { contacts } = await t.api<Contacts>("agent", "GET", `/accounts/${account}/contacts?personal=true`);
  expect(contacts.find((one) => one.value === "13900000077")?.verified_on).toBe(t.today);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Send me a code" }).waitFor();
});
