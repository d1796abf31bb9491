// The pictures of the manual, taken as somebody would see them. DENGHUO_DOC_SHOTS=1 writes them into docs/images.

import { expect, test } from "vitest";
import { type Page, type Role, town, type View } from "./harness";
import { DEBTOR } from "./params";

const t = town();

interface Picture {
  name: string;
  role: Role;
  path: string;
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

const PICTURES: Picture[] = [
  { name: "home", role: "manager", path: "/home" },
  { name: "search", role: "manager", path: "/home", ready: openSearch },
  { name: "account", role: "collector", path: `/accounts/${DEBTOR}` },
  { name: "bill", role: "verifier", path: `/accounts/${DEBTOR}/bills`, ready: unfoldBill },
  { name: "usage", role: "reader", path: `/accounts/${DEBTOR}/readings` },
  { name: "ladder", role: "collector", path: `/accounts/${DEBTOR}/ladder` },
];

test.each(["zh", "en"] as const)("the pictures in %s", { timeout: 240_000 }, async (language) => {
  for (const picture of PICTURES) {
    const view: View = { language, theme: "light", screen: "desk" };
    const page = await t.signIn(picture.role, picture.path, view);
    await t.watch.quiet(page);
    await picture.ready?.(page);
    await t.shot(page, `${picture.name}-${language}`, { doc: true });
    expect(await page.locator("h1").count(), picture.name).toBe(1);
    await page.context().close();
  }
});
