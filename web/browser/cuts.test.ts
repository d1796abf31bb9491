// Cuts, legal work and bundles, as the people of a town do them.

import { expect, test } from "vitest";
import { town } from "./harness";

const t = town();

interface Line {
  account_no: string;
  case_no: number;
  state: string;
}

test("a blocked cut says which gates and clauses block it, and what would unblock it", async () => {
  // Somebody without a live case, who is not long overdue or was never demanded with proof.
  const live = await t.api<{ items: Line[] }>("manager", "GET", "/cuts?live=true&limit=500");
  const taken = new Set(live.items.map((line) => line.account_no));
  const tasks = await t.api<{ items: { account_no: string }[] }>(
    "collector",
    "GET",
    "/accounts?q=%E8%B7%AF&limit=50",
  );
  const free = tasks.items.map((found) => found.account_no).find((no) => !taken.has(no));
  const page = await t.signIn("collector", `/disconnection/cases/${free}`);
  const gates = page.locator("[data-gate]");
  await gates.first().waitFor();
  expect(await gates.count()).toBe(12);
  const failing = page.locator("[data-gate='G10'][data-passed='false']");
  await failing.waitFor();
  await failing.getByText("没有可催收的欠费,不得停电").waitFor();
  const propose = page.getByRole("button", { name: "提出停电" });
  expect(await propose.getAttribute("aria-disabled")).toBe("true");
  await propose.hover();
  await page.getByRole("tooltip").locator("[data-gate='G01']").waitFor();
  await t.check(page);
  await t.shot(page, "cut-blocked-zh");
});

test("the board, the restorations and the protected windows are there in both languages", async () => {
  for (const language of ["zh", "en"] as const) {
    for (const [path, name] of [
      ["/disconnection/cases", "cuts"],
      ["/disconnection/restorations", "restorations"],
      ["/disconnection/windows", "windows"],
      ["/legal/limitations", "limitations"],
      ["/legal/cases", "legal-cases"],
      ["/legal/write-offs", "write-offs"],
      ["/evidence/bundles", "bundles"],
    ] as const) {
      const page = await t.signIn("manager", path, { language, theme: language === "en" ? "dark" : "light" });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await t.check(page);
      await t.shot(page, `${name}-${language}`);
      await page.close();
    }
  }
});
