// A `denghuo serve` of one's own on a copy of the town.

import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM } from "./places";

/** A server that runs. */
export interface Served {
  /** Such as `http://127.0.0.1:40123`. */
  base: string;
  /** Its database, for the command line. */
  db: string;
  stop: () => Promise<void>;
}

/** Starts a server on a copy of a database, at a free port. */
export async function serve(town: string, date: string): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "denghuo-browser-"));
  const file = join(folder, "town.db");
  copyFileSync(town, file);
  const db = `sqlite://${file}`;
  const args = ["--db", db, "serve", "--date", date, "--listen", "127.0.0.1:0", "--log", "error"];
  const child = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "inherit"] });
  const base = await address(child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, db, stop };
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
