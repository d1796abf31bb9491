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
  { language: "en", theme: "dark", screen: "phone" },
  { language: "en", theme: "light", screen: "desk" },
  { language: "zh", theme: "dark", screen: "phone" },
];

/** Whoever may open a page first sees it in two views, on both screens and in both languages, with pictures; in all four when asked. */
const WHOLE = Boolean(process.env.DENGHUO_BROWSER_WHOLE);

/** Pages that are looked at beside each other. */
const BESIDE = 3;

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

interface Look {
  path: string;
  view: View;
  /** Keep a picture of it. */
  shot: boolean;
}

async function look(page: Page, { path, view, shot }: Look): Promise<string[]> {
  const where = `${path} ${view.language} ${view.theme} ${view.screen}`;
  const found: string[] = [];
  try {
    await t.go(page, path);
    found.push(...(await faults(page)));
    if (shot) {
      await t.shot(page, `pages/${view.screen}-${view.language}${path.replaceAll("/", "_")}`);
    }
  } catch (thrown) {
    found.push(String(thrown));
  }
  return found.map((fault) => `${where}: ${fault}`);
}

/** Paths that somebody has seen. */
const seen = new Set<string>();

function looks(paths: string[]): Look[] {
  return paths.flatMap((path, at): Look[] => {
    const views = VIEWS.length;
    if (seen.has(path)) {
      return [{ path, view: VIEWS[at % views] as View, shot: false }];
    }
    seen.add(path);
    const pair = (at % 2) * 2;
    const chosen = WHOLE ? VIEWS : VIEWS.slice(pair, pair + 2);
    return chosen.map((view) => ({ path, view, shot: true }));
  });
}

test.each(ROLES)("every page of %s", { timeout: 600_000 }, async (role) => {
  expect(t.has(role) || role === "administrator", `nobody in the town is ${role}`).toBe(true);
  const due = looks(await addresses(role));
  expect(due.length).toBeGreaterThan(5);
  const found: string[] = [];
  for (const view of VIEWS) {
    const waiting = due.filter((one) => one.view === view);
    const worker = async () => {
      if (waiting.length === 0) {
        return;
      }
      const page = await t.signIn(role, "/home", view);
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        found.push(...(await look(page, next)));
      }
      await page.context().close();
    };
    await Promise.all(Array.from({ length: BESIDE }, worker));
  }
  // What the console and the network told stands without its page: three were open.
  expect([...found, ...t.watch.take()]).toEqual([]);
});
