// What a browser test begins with: `const t = town()` gives the file a server of its own on a fresh copy of the town.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Download, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { faults } from "./checks";
import { DOC_SHOTS, SHOTS } from "./places";
import { type Served, serve } from "./serve";
import { Watch } from "./watch";

export type { Page } from "playwright-core";
export { faults } from "./checks";

/** The password of every login of the town. */
export const PASSWORD = "Denghuo-2026";

/** The roles that the console knows. */
export type Role =
  | "reader"
  | "verifier"
  | "cashier"
  | "collector"
  | "inspector"
  | "accountant"
  | "agent"
  | "legal"
  | "manager"
  | "administrator";

/** How a page is opened. */
export interface View {
  language?: "zh" | "en";
  theme?: "light" | "dark" | "system";
  /** `desk` is 1366×768, `phone` 390×844. */
  screen?: "desk" | "phone";
  /** What the system prefers. */
  systemDark?: boolean;
  /** Nothing moves: pages come to rest sooner. */
  still?: boolean;
}

const SCREENS = { desk: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

interface Session {
  name: string;
  csrf: string;
  cookie: { name: string; value: string };
}

/** A town with its server, its people and its browser. */
export class Town {
  served!: Served;
  browser!: Browser;
  readonly watch = new Watch();
  /** The business date. */
  today: string = inject("today");
  private logins = new Map<string, string>();
  private readonly sessions = new Map<string, Promise<Session>>();
  private readonly contexts: BrowserContext[] = [];

  /** The address of a page. */
  url(path: string): string {
    return this.served.base + path;
  }

  async start(): Promise<void> {
    this.served = await serve(inject("town"), this.today);
    this.browser = await chromium.connect(inject("endpoint"));
    const told = await this.api<{ people: { name: string; roles: string[] }[] }>(
      "administrator",
      "GET",
      "/people",
    );
    for (const person of told.people) {
      for (const role of person.roles) {
        this.logins.set(role, this.logins.get(role) ?? person.name);
      }
    }
  }

  /** A day some days after today. */
  after(days: number): string {
    const day = new Date(`${this.today}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + days);
    return day.toISOString().slice(0, 10);
  }

  /** Lets days pass: each runs its business day, and the pages are to be opened anew on the next one. */
  async later(days = 1): Promise<void> {
    for (let n = 0; n < days; n += 1) {
      this.served.run("day", "--date", this.today);
      this.today = this.after(1);
    }
    for (const context of this.contexts.splice(0)) {
      await context.close();
    }
    this.served = await this.served.onDate(this.today);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.served?.stop();
  }

  /** Is there somebody with this role in the town? */
  has(role: Role): boolean {
    return this.logins.has(role);
  }

  /** The login of a role. */
  login(role: Role): string {
    const name = role === "administrator" ? "admin" : this.logins.get(role);
    if (!name) {
      throw new Error(`nobody in the town is ${role}`);
    }
    return name;
  }

  /** Signs a role in once for the file: passwords are slow on purpose. */
  private session(role: Role): Promise<Session> {
    const name = this.login(role);
    const known = this.sessions.get(name) ?? this.signInByApi(name, PASSWORD);
    this.sessions.set(name, known);
    return known;
  }

  private async signInByApi(name: string, password: string): Promise<Session> {
    const answer = await fetch(this.url("/api/v1/login"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, password }),
    });
    if (!answer.ok) {
      throw new Error(`${name} cannot sign in: ${await answer.text()}`);
    }
    const me = (await answer.json()) as { csrf: string };
    const [pair = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
    const [cookie = "", value = ""] = pair.split("=");
    return { name, csrf: me.csrf, cookie: { name: cookie, value } };
  }

  /** Asks the API as a role, to prepare or to look behind a page. */
  async api<T>(role: Role, method: string, path: string, body?: unknown): Promise<T> {
    const session = await this.session(role);
    const answer = await fetch(this.url(`/api/v1${path}`), {
      method,
      headers: {
        cookie: `${session.cookie.name}=${session.cookie.value}`,
        "x-csrf-token": session.csrf,
        "idempotency-key": crypto.randomUUID(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  }

  /** A page of nobody. */
  async open(path: string, view: View = {}): Promise<Page> {
    return this.page(path, view);
  }

  /** A page of somebody with a role. */
  async signIn(role: Role, path = "/home", view: View = {}): Promise<Page> {
    return this.page(path, view, await this.session(role));
  }

  /** Somebody else sits down at a page: signed in anew, with what the browser has loaded before. */
  async become(page: Page, role: Role, path = "/home"): Promise<Page> {
    const { cookie } = await this.session(role);
    await page.context().clearCookies();
    await page
      .context()
      .addCookies([{ ...cookie, url: this.served.base, httpOnly: true, sameSite: "Strict" }]);
    await page.goto(this.url(path));
    return page;
  }

  private async page(path: string, view: View, session?: Session): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: SCREENS[view.screen ?? "desk"],
      colorScheme: view.systemDark ? "dark" : "light",
      reducedMotion: view.still ? "reduce" : "no-preference",
      locale: view.language === "en" ? "en-GB" : "zh-CN",
      acceptDownloads: true,
      ...(view.screen === "phone" ? { hasTouch: true, isMobile: true } : {}),
    });
    this.contexts.push(context);
    const kept: Record<string, string> = {};
    if (view.language) {
      kept["denghuo.language"] = view.language;
    }
    if (view.theme) {
      kept["denghuo.theme"] = view.theme;
    }
    if (session) {
      kept["denghuo.session"] = "1";
      await context.addCookies([
        { ...session.cookie, url: this.served.base, httpOnly: true, sameSite: "Strict" },
      ]);
    }
    await context.addInitScript((entries) => {
      // Once for a tab: what the page chooses afterwards stays.
      if (sessionStorage.getItem("harness") === null) {
        sessionStorage.setItem("harness", "1");
        for (const [key, value] of Object.entries(entries)) {
          localStorage.setItem(key, value);
        }
      }
    }, kept);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    this.watch.over(page);
    await page.goto(this.url(path));
    return page;
  }

  /** A picture in `target/shots`, once the page is `quiet`; with `doc`, and DENGHUO_DOC_SHOTS set, also in `docs/images`. */
  async shot(page: Page, name: string, { doc = false, full = false, quiet = false } = {}): Promise<void> {
    if (!quiet) {
      await this.watch.quiet(page);
    }
    const file = join(SHOTS, `${name}.png`);
    mkdirSync(dirname(file), { recursive: true });
    await page.screenshot({ path: file, fullPage: full });
    if (doc && process.env.DENGHUO_DOC_SHOTS) {
      mkdirSync(DOC_SHOTS, { recursive: true });
      await page.screenshot({ path: join(DOC_SHOTS, `${name}.png`), fullPage: full });
    }
  }

  /** The page is quiet, usable by name and keyboard, and fits the screen. */
  async check(page: Page): Promise<void> {
    await this.watch.quiet(page);
    expect(await faults(page)).toEqual([]);
  }

  /** Goes to another page as a link does, without loading the console anew. */
  async go(page: Page, path: string): Promise<void> {
    await page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
    await page.waitForFunction(
      (wanted) => document.documentElement.dataset.path === wanted,
      path.split("?")[0],
    );
    await page.locator("h1, .ant-result").first().waitFor();
    await this.watch.quiet(page);
  }

  /** Pictures of what was on the pages when a test failed, in `target/shots/failed`. */
  async failed(test: string): Promise<void> {
    const name = test.replaceAll(/[^\p{L}\d]+/gu, "-").slice(0, 60);
    const pages = this.contexts.flatMap((context) => context.pages());
    for (const [at, page] of pages.entries()) {
      await page.screenshot({ path: join(SHOTS, "failed", `${name}-${at}.png`) }).catch(() => undefined);
    }
  }

  /** Closes the pages of a test and tells what went wrong on them. */
  async end(): Promise<void> {
    for (const context of this.contexts.splice(0)) {
      await context.close();
    }
    expect(this.watch.take()).toEqual([]);
  }
}

/** The bytes of a file that a page has given. */
export async function saved(download: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Gives the file of tests its own town. */
export function town(): Town {
  const own = new Town();
  beforeAll(() => own.start());
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await own.failed(task.name);
    }
    await own.end();
  });
  afterAll(() => own.stop());
  return own;
}
