import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Lays a packed copy beside every file that gains by it; the program sends it to browsers that unpack. */
function packed(): Plugin {
  let folder = "";
  return {
    name: "packed",
    apply: "build",
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir, "assets");
    },
    closeBundle: () => {
      for (const name of readdirSync(folder).filter((file) => /\.(js|css)$/.test(file))) {
        const bytes = readFileSync(join(folder, name));
        const small = gzipSync(bytes, { level: 9 });
        if (small.length < bytes.length * 0.9) {
          writeFileSync(join(folder, `${name}.gz`), small);
        }
      }
    },
  };
}

/** `virtual:operations`: what every operation that changes something is called, out of the API's document. */
function operations(): Plugin {
  const name = "virtual:operations";
  const document = fileURLToPath(new URL("../crates/server/openapi.json", import.meta.url));
  return {
    name: "operations",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => {
      if (id !== `\0${name}`) {
        return undefined;
      }
      const { paths } = JSON.parse(readFileSync(document, "utf8")) as { paths: Paths };
      const names: Record<string, [string, string]> = {};
      for (const [method, operation] of Object.values(paths).flatMap(Object.entries<Operation>)) {
        if (method !== "get") {
          // The first clause of what it says: the rest tells conditions.
          names[operation.operationId] = [operation.summary, operation.description.split(/[;:]/)[0] ?? ""];
        }
      }
      return `export const operations = ${JSON.stringify(names)};`;
    },
  };
}

interface Operation {
  operationId: string;
  summary: string;
  description: string;
}

type Paths = Record<string, Record<string, Operation>>;

export default defineConfig({
  plugins: [react(), packed(), operations()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // While developing, pages come from Vite and the API from a `denghuo serve` of one's own.
  server: { proxy: { "/api": process.env.DENGHUO_API ?? "http://127.0.0.1:8460" } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
