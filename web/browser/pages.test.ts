// Every page, as every role that may open it: both languages, light and dark, a desk and a phone. Each is to be found without an error,
// with a name for everything, with its words, and no wider than the screen.

import { expect, test } from "vitest";
import { accountTabs, mayOpen, type PageDef, pages } from "../src/app/pages";
import { faults, type Page, type Role, town, type View } from "./harness";
import { DEBTOR, PARAMS } from "./params";

const t = town();

const ROLES: Role[] = [
  "manager",
  "collector",
  "verifier",
  "reader",
  "cashier",
  "accountant",
  "inspector",
  "agent",
  "legal",
  "administrator",
];

/** Each language, appearance and screen with each other. */
const VIEWS: View[] = [
  { language: "zh", theme: "light", screen: "desk" },
  { language: "en", theme: "dark", screen: "desk" },
  { language: "zh", theme: "dark", screen: "phone" },
  { language: "en", theme: "light", screen: "phone" },
];

type Me = { permissions: Parameters<typeof mayOpen>[1] };

/** The address of a page with values for its parameters; none when the town has nothing to show on it. */
async function address(page: PageDef): Promise<string | undefined> {
  let path = "";
  for (const part of page.path.split("/").slice(1)) {
    if (!part.startsWith(":")) {
      path += `/${part}`;
      continue;
    }
    const find = PARAMS[part.slice(1).replace("?", "")];
    expect(find, `${page.path}: give ${part} a value in browser/params.ts`).toBeDefined();
    const value = await find?.(t);
    if (value !== undefined) {
      path += `/${value}`;
    } else if (!part.endsWith("?")) {
      return undefined;
    }
  }
  return path;
}

async function addresses(role: Role): Promise<string[]> {
  const { permissions } = await t.api<Me>(role, "GET", "/me");
  const mine = await Promise.all(pages.filter((page) => mayOpen(page, permissions)).map(address));
  const tabs = permissions.includes("see_accounts")
    ? accountTabs.filter((tab) => mayOpen(tab, permissions)).map((tab) => `/accounts/${DEBTOR}/${tab.key}`)
    : [];
  return [...mine.filter((path) => path !== undefined), ...tabs];
}

async function look(page: Page, path: string, view: View): Promise<string[]> {
  const where = `${path} ${view.language} ${view.theme} ${view.screen}`;
  const found: string[] = [];
  try {
    await t.go(page, path);
    found.push(...(await faults(page)));
  } catch (thrown) {
    found.push(String(thrown));
  }
  return [...found, ...t.watch.take()].map((fault) => `${where}: ${fault}`);
}

/** Pages and views that somebody has seen. */
const seen = new Set<string>();

test.each(ROLES)("every page of %s", { timeout: 600_000 }, async (role) => {
  if (!t.has(role) && role !== "administrator") {
    return;
  }
  const paths = await addresses(role);
  const found: string[] = [];
  for (const [at, view] of VIEWS.entries()) {
    // Each page once as this role, and in every view as the first role that may open it.
    const due = paths.filter((path, index) => index % VIEWS.length === at || !seen.has(`${path} ${at}`));
    if (due.length === 0) {
      continue;
    }
    const page = await t.signIn(role, "/home", view);
    for (const path of due) {
      seen.add(`${path} ${at}`);
      found.push(...(await look(page, path, view)));
    }
    await page.context().close();
  }
  expect(found).toEqual([]);
});
