// What the phone keeps: the package of the day, and deeds until the server has answered them.

import { type DBSchema, openDB } from "idb";
import type { Schema } from "@/api";

/** The package, with the moment at which the phone loaded it by its own clock, ms. */
export type Package = Schema<"FieldPackage"> & { loaded?: number };
export type Deed = Schema<"FieldDeed">;
export type Act = Deed["act"];
export type Answer = Schema<"DeedAnswer">;

/** A deed as the phone keeps it. */
export interface Kept {
  id: string;
  who: string;
  /** Its photographs go when it was answered. */
  deed: Deed;
  state: "waiting" | "done" | "refused";
  answer?: Answer;
  /** When it was written down, ms. */
  at: number;
}

interface Tables extends DBSchema {
  packages: { key: string; value: Package };
  deeds: { key: string; value: Kept; indexes: { who: string } };
}

const open = () =>
  openDB<Tables>("denghuo-field", 1, {
    upgrade(db) {
      db.createObjectStore("packages", { keyPath: "who" });
      db.createObjectStore("deeds", { keyPath: "id" }).createIndex("who", "who");
    },
  });

let opened: ReturnType<typeof open> | undefined;

function db() {
  opened ??= open();
  return opened;
}

/** Keeps a package; those of others who used the phone go. */
export async function keepPackage(value: Package): Promise<void> {
  const base = await db();
  for (const key of await base.getAllKeys("packages")) {
    if (key !== value.who) {
      await base.delete("packages", key);
    }
  }
  await base.put("packages", value);
}

/** The package that is there. */
export async function lastPackage(): Promise<Package | undefined> {
  return (await (await db()).getAll("packages"))[0];
}

/** Writes a deed down. */
export async function keepDeed(kept: Kept): Promise<void> {
  await (await db()).put("deeds", kept);
}

/** The deeds of somebody, in the order in which they were done. */
export async function deedsOf(who: string): Promise<Kept[]> {
  const all = await (await db()).getAllFromIndex("deeds", "who", who);
  return all.sort((a, b) => a.at - b.at);
}

/** Forgets a deed that was answered. */
export async function forgetDeed(id: string): Promise<void> {
  await (await db()).delete("deeds", id);
}

/** A deed without its files. */
export function withoutFiles(deed: Deed): Deed {
  const act = { ...deed.act } as Record<string, unknown>;
  for (const name of ["photo", "signature"]) {
    if (act[name]) {
      act[name] = null;
    }
  }
  return { ...deed, act: act as unknown as Act };
}
