// Everything that a page must not do: errors on the console, exceptions, requests that fail.

import type { Page, Response } from "playwright-core";

/** What was seen on the pages of a test. */
export class Watch {
  private readonly seen: string[] = [];
  private readonly allowed: { status: number; path: RegExp }[] = [];

  /** From now on a refusal of this kind is a part of the test. */
  allow(status: number, path: RegExp = /./): void {
    this.allowed.push({ status, path });
  }

  /** Looks at a page from now on. */
  over(page: Page): void {
    page.on("pageerror", (error) => this.seen.push(`exception: ${error.message}`));
    page.on("console", (message) => {
      // Refused requests are told by the answers below, with their path.
      const isAnswer = message.text().startsWith("Failed to load resource");
      if ((message.type() === "error" || message.type() === "warning") && !isAnswer) {
        this.seen.push(`console ${message.type()}: ${message.text()}`);
      }
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A page that is left ends its questions.
      if (why !== "net::ERR_ABORTED") {
        this.seen.push(`request failed: ${request.method()} ${request.url()} ${why}`);
      }
    });
    page.on("response", (response) => this.answer(response));
  }

  private answer(response: Response): void {
    const status = response.status();
    const { pathname } = new URL(response.url());
    const isAllowed = this.allowed.some((one) => one.status === status && one.path.test(pathname));
    if (status >= 400 && !isAllowed) {
      this.seen.push(`answer ${status}: ${response.request().method()} ${pathname}`);
    }
  }

  /** What was wrong since the last look. */
  take(): string[] {
    this.allowed.length = 0;
    return this.seen.splice(0);
  }
}
