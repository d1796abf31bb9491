// A `denghuo serve` of one's own on a copy of the town.

import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROGRAM } from "./places";

/** A server that runs. */
export interface Served {
  /** Such as `http://127.0.0.1:40123`. */
  base: string;
  /** Its database, for the command line. */
  db: string;
  /** Runs the command line on its database and gives what that said. */
  run: (...args: string[]) => string;
  /** The same, while this process goes on to answer. */
  beside: (...args: string[]) => Promise<string>;
  /** Stops it and serves the same database on another business date. */
  onDate: (date: string) => Promise<Served>;
  stop: () => Promise<void>;
}

/** What the clock shows at the start: within working hours, whenever the tests run. */
const MORNING = "09:30";

/** Starts a server on a copy of a database, at a free port. */
export async function serve(town: string, date: string): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "denghuo-browser-"));
  copyFileSync(town, join(folder, "town.db"));
  return begin(folder, date);
}

async function begin(folder: string, date: string): Promise<Served> {
  const db = `sqlite://${join(folder, "town.db")}`;
  const clock = ["--date", date, "--time", MORNING];
  const args = [
    "--db",
    db,
    "serve",
    ...clock,
    "--listen",
    "127.0.0.1:0",
    "--simulate-payments",
    "--log",
    "error",
  ];
  const child = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "inherit"] });
  const base = await address(child);
  const end = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  };
  return {
    base,
    db,
    run: (...words) =>
      execFileSync(PROGRAM, ["--db", db, ...words], { encoding: "utf8", maxBuffer: 1 << 26 }),
    beside: async (...words) => (await promisify(execFile)(PROGRAM, ["--db", db, ...words])).stdout,
    onDate: async (next) => {
      await end();
      return begin(folder, next);
    },
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      const found = told.match(/http:\/\/[\d.]+:\d+/);
      if (found) {
        resolve(found[0]);
      }
    });
    child.once("exit", (code) => reject(new Error(`denghuo serve ended with ${code}: ${told}`)));
  });
}
