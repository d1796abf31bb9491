import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Every page as every role, and the pictures of the manual, take longer and are asked for by name.
const LONG = ["pages.test.ts", "manual.test.ts"];
const part = process.env.DENGHUO_BROWSER_PART;
const chosen = part === "pages" ? LONG : ["*.test.ts"];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
  test: {
    include: chosen,
    exclude: part === "tasks" ? LONG : [],
    globalSetup: "./harness/setup.ts",
    // Two cores, one browser: files follow each other, and a page may take its time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
