// Everything that a page must not do: errors on the console, exceptions, requests that fail.

import type { Page, Request, Response } from "playwright-core";

/** How long nothing has to happen, in ms. */
const QUIET = 160;

/** What was seen on the pages of a test. */
export class Watch {
  private readonly seen: string[] = [];
  private readonly allowed: { status: number; path: RegExp }[] = [];
  private readonly pending = new Map<Page, Set<Request>>();

  /** From now on a refusal of this kind is a part of the test; status 0 is an answer that is lost. */
  allow(status: number, path: RegExp = /./): void {
    this.allowed.push({ status, path });
  }

  /** Looks at a page from now on. */
  over(page: Page): void {
    const at = () => page.url().replace(/^\w+:\/\/[^/]+/, "");
    page.on("pageerror", (error) => this.seen.push(`exception at ${at()}: ${error.message}`));
    page.on("console", (message) => {
      // Refused requests are told by the answers below, with their path.
      const isAnswer = message.text().startsWith("Failed to load resource");
      if ((message.type() === "error" || message.type() === "warning") && !isAnswer) {
        this.seen.push(`console ${message.type()} at ${at()}: ${message.text()}`);
      }
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A page that is left ends its questions.
      if (why !== "net::ERR_ABORTED" && !this.allows(0, request.url())) {
        this.seen.push(`request failed: ${request.method()} ${request.url()} ${why}`);
      }
    });
    page.on("response", (response) => this.answer(response));
    const pending = new Set<Request>();
    this.pending.set(page, pending);
    // A stream of events stays open as long as its page.
    page.on("request", (request) => request.resourceType() !== "eventsource" && pending.add(request));
    page.on("requestfinished", (request) => pending.delete(request));
    page.on("requestfailed", (request) => pending.delete(request));
    page.on("close", () => this.pending.delete(page));
  }

  /** Waits until a page has asked for nothing for a moment, and shows no sign of waiting. */
  async quiet(page: Page, within = 20_000): Promise<void> {
    const until = Date.now() + within;
    let since = Date.now();
    while (Date.now() - since < QUIET) {
      if (Date.now() > until) {
        const open = [...(this.pending.get(page) ?? [])].map((request) => request.url());
        throw new Error(`${page.url()} does not come to rest: ${open.join(" ")}`);
      }
      await page.waitForTimeout(40);
      const waits = await page.locator(".ant-spin-spinning, .ant-skeleton").count();
      if (waits > 0 || (this.pending.get(page)?.size ?? 0) > 0) {
        since = Date.now();
      }
    }
  }

  private allows(status: number, path: string): boolean {
    return this.allowed.some((one) => one.status === status && one.path.test(path));
  }

  private answer(response: Response): void {
    const status = response.status();
    const { pathname } = new URL(response.url());
    if (status >= 400 && !this.allows(status, pathname)) {
      this.seen.push(`answer ${status}: ${response.request().method()} ${pathname}`);
    }
  }

  /** What was wrong since the last look. */
  take(): string[] {
    this.allowed.length = 0;
    return this.seen.splice(0);
  }
}
