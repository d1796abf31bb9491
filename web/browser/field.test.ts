// Work in the field: without a line, once, and what is in conflict is told.

import { expect, test } from "vitest";
import { type Page, town } from "./harness";
import { kept, line } from "./harness/hands";

const t = town();

interface Package {
  meters: { account_no: string; meter_no: string; last: { kind: string; value: string }[] }[];
  notices: { account_no: string; notice_no: number; kind: string }[];
}

/** The page, with its shell kept and the work loaded. */
async function loaded(role: "reader" | "collector", language: "zh" | "en" = "zh"): Promise<Page> {
  const page = await t.signIn(role, "/field", { screen: "phone", language });
  await kept(page);
  return page;
}

test("a meter is read without a line with a hint, synchronised twice, and is one reading; another phone is in conflict", async () => {
  const before = await t.api<Package>("reader", "GET", "/field/package");
  const meter = before.meters[0];
  if (!meter) {
    throw new Error("no meter is to be read");
  }
  const total = Number(meter.last.find((one) => one.kind === "total")?.value ?? 0);
  const [first, second] = [await loaded("reader"), await loaded("reader", "en")];
  await t.check(first);
  await t.shot(first, "field-meters-phone");
  await line(t, first, false);
  await line(t, second, false);
  const read = async (page: Page, value: number, words: { read: RegExp; save: string }) => {
    const card = page.locator(".ant-card", { hasText: meter.meter_no }).first();
    await card.getByRole("button", { name: words.read }).click();
    for (const field of await page.locator(".ant-drawer input[inputmode=decimal]").all()) {
      await field.fill(String(value));
    }
    await page.locator(".ant-drawer [role=status]").waitFor();
    await t.shot(page, `field-hint-phone-${value === total + 90_000 ? "en" : "zh"}`);
    await page.getByRole("button", { name: words.save }).click();
  };
  await read(first, Math.ceil(total) + 60, { read: /^抄表$/, save: "保存" });
  await first.getByText("待同步 1").waitFor();
  await read(second, Math.ceil(total) + 70, { read: /^Read$/, save: "Save" });
  await second.getByText("1 to sync").waitFor();
  await line(t, first, true);
  await first.getByText("已全部同步").waitFor();
  await first.getByRole("button", { name: "同步" }).click();
  await first.getByText("已全部同步").waitFor();
  await line(t, second, true);
  await second.getByText("All synchronised").waitFor();
  await second.getByText(/^Log/).first().click();
  await second.getByText("Refused", { exact: true }).waitFor();
  await second.getByText(/A task was opened/).waitFor();
  await t.check(second);
  await t.shot(second, "field-conflict-phone-en");
  const readings = await t.api<{ items: { source: string; registers: { value: string }[] }[] }>(
    "verifier",
    "GET",
    `/accounts/${meter.account_no}/readings?limit=20`,
  );
  const mine = readings.items.filter((one) =>
    one.registers.some((register) => Number(register.value) >= Math.ceil(total) + 60),
  );
  expect(mine.length).toBe(1);
});

test("a cut is not executed without a line; English and dark fit the phone", async () => {
  const page = await t.signIn("inspector", "/field", { screen: "phone", language: "en", theme: "dark" });
  await page.getByText(/Work of 20/).waitFor();
  await page.getByText(/^Cuts/).first().click();
  await t.check(page);
  await t.shot(page, "field-cuts-phone-en-dark");
});
