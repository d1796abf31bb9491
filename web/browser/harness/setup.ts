// Once for a run: the program, a town, a browser.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { BROWSER, FLAGS, PROGRAM, TARGET } from "./places";

declare module "vitest" {
  interface ProvidedContext {
    /** Database file of the town; copied for each file of tests. */
    town: string;
    /** The business date of the town: the day after its history. */
    today: string;
    /** Where the browser listens. */
    endpoint: string;
  }
}

/** Makes the town and starts the browser; ends both afterwards. */
export default async function setup(project: TestProject) {
  if (!existsSync(PROGRAM)) {
    throw new Error(`${PROGRAM} is missing: cargo build -p denghuo, or name the program in DENGHUO_BIN`);
  }
  if (!existsSync(BROWSER)) {
    throw new Error(`${BROWSER} is missing: install the package chromium, or name it in DENGHUO_CHROMIUM`);
  }
  const { town, until } = townOf(join(TARGET, "browser"));
  const next = new Date(`${until}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  const server = await chromium.launchServer({ executablePath: BROWSER, args: FLAGS, headless: true });
  project.provide("town", town);
  project.provide("today", next.toISOString().slice(0, 10));
  project.provide("endpoint", server.wsEndpoint());
  return () => server.close();
}

/** The town that this program makes: made once for it, the same for every run of it. */
function townOf(folder: string): { town: string; until: string } {
  const { mtimeMs, size } = statSync(PROGRAM);
  const own = join(folder, `${Math.round(mtimeMs)}-${size}`);
  const town = join(own, "town.db");
  const summary = join(own, "summary.json");
  if (!existsSync(summary)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(own, { recursive: true });
    const plan = ["--accounts", "300", "--months", "6", "--seed", "1"];
    const told = execFileSync(
      PROGRAM,
      ["--db", `sqlite://${town}`, "demo", ...plan, "--no-serve", "--json"],
      {
        encoding: "utf8",
        maxBuffer: 1 << 28,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    writeFileSync(summary, told);
  }
  const { until } = JSON.parse(readFileSync(summary, "utf8")) as { until: string };
  return { town, until };
}
