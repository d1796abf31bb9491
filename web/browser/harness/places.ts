// Where things are, each to be named by a variable of the environment.

import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** The folder of build products. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/** The program that is tested. */
export const PROGRAM = process.env.DENGHUO_BIN ?? join(TARGET, "debug", "denghuo");

/** The browser that it is tested with. */
export const BROWSER = process.env.DENGHUO_CHROMIUM ?? "/usr/bin/chromium";

/** Pictures of pages. */
export const SHOTS = join(TARGET, "shots");

/** Pictures of the manual; written only when DENGHUO_DOC_SHOTS is set. */
export const DOC_SHOTS = join(ROOT, "docs", "images");

/** The browser stays at home: it asks no host but ours. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];
