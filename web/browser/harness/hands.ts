// What hands do on a page: choose, press, sign, lose the line.

import type { Locator, Page } from "playwright-core";
import type { Town } from "./index";

/** Ant Design sets a space between two Chinese characters of a button. */
function spaced(name: string): RegExp {
  return name.length === 2 ? new RegExp(`^${name[0]}\\s?${name[1]}$`) : new RegExp(`^${name}$`);
}

/** Presses a button by its word. */
export async function press(page: Page | Locator, name: string | RegExp): Promise<void> {
  await page
    .getByRole("button", { name: typeof name === "string" ? spaced(name) : name })
    .first()
    .click();
}

/** Chooses an option of a select by its label. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  const field = page.getByRole("combobox", { name: label });
  await field.click();
  await page
    .locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: option })
    .first()
    .click();
  await page.locator(".ant-select", { has: field }).getByText(option).first().waitFor();
}

/** Signs in the field with this name. */
export async function sign(page: Page, name: string): Promise<void> {
  const pad = page.getByRole("img", { name, exact: true });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) {
    throw new Error("there is nothing to sign in");
  }
  await page.mouse.move(box.x + 30, box.y + 80);
  await page.mouse.down();
  for (const [x, y] of [
    [80, 40],
    [120, 110],
    [180, 60],
  ] as const) {
    await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
  }
  await page.mouse.up();
}

/** Waits until the page of the field is kept for the time without a line. */
export async function kept(page: Page): Promise<void> {
  await page.getByText(/作业包 20|Work of 20/).waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    // The shell is there once its script is.
    const has = async () => {
      const cache = await caches.open("denghuo-field-1");
      const keys = await cache.keys();
      return keys.filter((key) => key.url.includes("/assets/")).length > 3;
    };
    while (!(await has())) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
}

/** Takes the line away, or gives it back. */
export async function line(t: Town, page: Page, there: boolean): Promise<void> {
  if (!there) {
    t.watch.allow(0);
  }
  await page.context().setOffline(!there);
}
