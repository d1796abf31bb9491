// Every page, as every role that may open it: both languages, light and dark, a desk and a phone. Each is to be found without an error,
// with a name for everything, with its words, and no wider than the screen.

import { beforeAll, expect, test } from "vitest";
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
async function address(page: PageDef, role: Role): Promise<string | undefined> {
  let path = "";
  for (const part of page.path.split("/").slice(1)) {
    if (!part.startsWith(":")) {
      path += `/${part}`;
      continue;
    }
    const find = PARAMS[part.slice(1).replace("?", "")];
    expect(find, `${page.path}: give ${part} a value in browser/params.ts`).toBeDefined();
    const value = await find?.(t, role);
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
  const mine = await Promise.all(
    pages.filter((page) => mayOpen(page, permissions)).map((page) => address(page, role)),
  );
  const tabs = permissions.includes("see_accounts")
    ? accountTabs.filter((tab) => mayOpen(tab, permissions)).map((tab) => `/accounts/${DEBTOR}/${tab.key}`)
    : [];
  return [...mine.filter((path) => path !== undefined), ...tabs];
}

interface Look {
  role: Role;
  path: string;
  view: View;
  /** Keep a picture of it. */
  shot: boolean;
}

async function look(page: Page, { role, path, view, shot }: Look): Promise<string[]> {
  const where = `${role} ${path} ${view.language} ${view.theme} ${view.screen}`;
  const found: string[] = [];
  try {
    await t.go(page, path);
    found.push(...(await faults(page)));
    if (shot) {
      await t.shot(page, `pages/${view.screen}-${view.language}${path.replaceAll("/", "_")}`, {
        quiet: true,
      });
    }
  } catch (thrown) {
    found.push(String(thrown));
  }
  return found.map((fault) => `${where}: ${fault}`);
}

/** Paths that somebody has seen. */
const seen = new Set<string>();

function looks(role: Role, paths: string[]): Look[] {
  return paths.flatMap((path, at): Look[] => {
    if (seen.has(path)) {
      return [{ role, path, view: VIEWS[at % VIEWS.length] as View, shot: false }];
    }
    seen.add(path);
    const pair = (at % 2) * 2;
    const chosen = WHOLE ? VIEWS : VIEWS.slice(pair, pair + 2);
    return chosen.map((view) => ({ role, path, view, shot: true }));
  });
}

const due: Look[] = [];

beforeAll(async () => {
  for (const role of ROLES) {
    expect(t.has(role) || role === "administrator", `nobody in the town is ${role}`).toBe(true);
    const own = looks(role, await addresses(role));
    expect(own.length, role).toBeGreaterThan(5);
    due.push(...own);
  }
});

// A view at a time, whoever looks: a browser's page is opened once for it, and what it has loaded is there for the next role.
test.each(VIEWS)("every page in $language, $theme, on a $screen", { timeout: 600_000 }, async (view) => {
  const waiting = ROLES.map((role) => due.filter((one) => one.view === view && one.role === role))
    .filter((own) => own.length > 0)
    .sort((a, b) => b.length - a.length);
  expect(waiting.length).toBeGreaterThan(0);
  const found: string[] = [];
  const worker = async () => {
    let page: Page | undefined;
    for (let own = waiting.shift(); own; own = waiting.shift()) {
      const { role } = own[0] as Look;
      page = page ? await t.become(page, role) : await t.signIn(role, "/home", { ...view, still: true });
      for (const one of own) {
        found.push(...(await look(page, one)));
      }
    }
  };
  await Promise.all(Array.from({ length: BESIDE }, worker));
  // What the console and the network told stands without its page: three were open.
  expect([...found, ...t.watch.take()]).toEqual([]);
});
