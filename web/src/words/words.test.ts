// Every text exists in both languages, and no component has texts of its own.

import { expect, test } from "vitest";
import api from "../../../crates/server/openapi.json";
import { names } from "./names";

interface Words {
  words: { zh: Record<string, unknown>; en: Record<string, unknown> };
}

const files = import.meta.glob<Words>("../**/words.ts", { eager: true });
const sources = import.meta.glob<string>("../**/*.tsx", { eager: true, query: "?raw", import: "default" });

type Enumeration = { enum?: string[]; oneOf?: { const?: string; enum?: string[] }[] };

/** The words of an enumeration, however the document writes it. */
function wordsOf(schema: Enumeration): string[] {
  return [
    ...(schema.enum ?? []),
    ...(schema.oneOf ?? []).flatMap((one) => one.enum ?? (one.const === undefined ? [] : [one.const])),
  ];
}

function keysOf(entry: Record<string, unknown>, prefix = ""): string[] {
  return Object.entries(entry).flatMap(([key, value]) =>
    typeof value === "object" && value !== null
      ? keysOf(value as Record<string, unknown>, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}

function emptyOf(entry: Record<string, unknown>): string[] {
  return Object.entries(entry)
    .filter(([, value]) => value === "")
    .map(([key]) => key);
}

test.each(Object.keys(files))("%s says the same in both languages", (path) => {
  const { zh, en } = (files[path] as Words).words;
  expect(keysOf(en).sort()).toEqual(keysOf(zh).sort());
  expect([...emptyOf(zh), ...emptyOf(en)]).toEqual([]);
});

test("names are there in both languages", () => {
  for (const [family, pairs] of Object.entries(names)) {
    for (const [word, [zh, en]] of Object.entries(pairs as Record<string, readonly [string, string]>)) {
      expect(zh !== "" && en !== "", `${family}.${word}`).toBe(true);
    }
  }
});

test("every right and role of the API has its name", () => {
  const known = [...Object.keys(names.permission), ...Object.keys(names.role)];
  const { Permission, Role } = api.components.schemas;
  const words = [...wordsOf(Permission), ...wordsOf(Role)];
  expect(words.length).toBeGreaterThan(30);
  expect(words.filter((word) => !known.includes(word))).toEqual([]);
});

test("no component has a Chinese text of its own", () => {
  const found = Object.entries(sources).flatMap(([path, text]) =>
    text
      .split("\n")
      .map((line, at) => ({ line, at: at + 1 }))
      .filter(({ line }) =>
        /\p{Script=Han}/u.test(line.replace(/\/\/.*|\/\*.*|^\s*\*.*|(zh|en): "[^"]*"/g, "")),
      )
      .map(({ at }) => `${path}:${at}`),
  );
  const allowed = [
    "./index.tsx",
    "../app/router.tsx",
    "../app/Login.tsx",
    "../app/Choices.tsx",
    "../app/menu.tsx",
  ];
  expect(found.filter((place) => !allowed.some((path) => place.startsWith(path)))).toEqual([]);
});
