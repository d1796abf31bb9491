// The pictures of the manual, taken as somebody would see them. DENGHUO_DOC_SHOTS=1 writes them into docs/images.

import { expect, test } from "vitest";
import { type Page, type Role, town, type View } from "./harness";
import { DEBTOR } from "./params";

const t = town();

interface Picture {
  name: string;
  role: Role;
  path: string | (() => Promise<string>);
  screen?: "phone";
  /** Taken in Chinese alone: the English chapter shows the same. */
  once?: boolean;
  /** Brings the page to what the picture shows. */
  ready?: (page: Page) => Promise<void>;
}

const openSearch = async (page: Page) => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("人民路");
  await page.getByRole("option").first().waitFor();
};

const unfoldBill = async (page: Page) => {
  await page.locator(".ant-table-row-expand-icon").first().click();
  await page.getByText(/计算过程|How it was calculated/).waitFor();
};

/** The path of the first row of a list. */
const first = (role: Role, list: string, path: (account: string) => string) => async () => {
  const { items } = await t.api<{ items: { account_no: string }[] }>(role, "GET", list);
  expect(items.length, list).toBeGreaterThan(0);
  return path(items[0]?.account_no ?? "");
};

const askByCode = async (page: Page) => {
  await page.getByLabel("户号").fill(DEBTOR);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "开支付单" }).click();
  await page.getByRole("img", { name: "付款码" }).waitFor();
};

const unfoldGates = async (page: Page) => {
  await page.locator("[data-gate]").first().waitFor();
};

/** A day's work of each role. */
const WORK: Picture[] = [
  { name: "field", role: "reader", path: "/field", screen: "phone" },
  { name: "exceptions", role: "verifier", path: "/metering/exceptions" },
  { name: "release", role: "manager", path: "/billing/waiting" },
  { name: "worklist", role: "collector", path: "/collections/worklist" },
  {
    name: "card",
    role: "collector",
    path: first("collector", "/worklist?limit=1", (no) => `/collections/card/${no}`),
  },
  { name: "counter", role: "cashier", path: "/payments/counter", ready: askByCode },
  { name: "suspense", role: "accountant", path: "/payments/suspense" },
  {
    name: "cut",
    role: "inspector",
    path: first("inspector", "/cuts?live=true&limit=1", (no) => `/disconnection/cases/${no}`),
    ready: unfoldGates,
  },
  { name: "limitations", role: "legal", path: "/legal/limitations" },
].map((picture) => ({ ...picture, once: true }) as Picture);

const PICTURES: Picture[] = [
  { name: "home", role: "manager", path: "/home" },
  { name: "search", role: "manager", path: "/home", ready: openSearch },
  { name: "account", role: "collector", path: `/accounts/${DEBTOR}` },
  { name: "bill", role: "verifier", path: `/accounts/${DEBTOR}/bills`, ready: unfoldBill },
  { name: "usage", role: "reader", path: `/accounts/${DEBTOR}/readings` },
  { name: "ladder", role: "collector", path: `/accounts/${DEBTOR}/ladder` },
  ...WORK,
];

test.each(["zh", "en"] as const)("the pictures in %s", { timeout: 240_000 }, async (language) => {
  for (const picture of PICTURES) {
    if (picture.once && language === "en") {
      continue;
    }
    const view: View = { language, theme: "light", screen: picture.screen ?? "desk" };
    const path = typeof picture.path === "string" ? picture.path : await picture.path();
    const page = await t.signIn(picture.role, path, view);
    await t.watch.quiet(page);
    await picture.ready?.(page);
    await t.shot(page, `${picture.name}-${language}`, { doc: true });
    expect(await page.locator("h1").count(), picture.name).toBe(1);
    await page.context().close();
  }
});
