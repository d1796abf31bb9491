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

export default defineConfig({
  plugins: [react(), packed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // While developing, pages come from Vite and the API from a `denghuo serve` of one's own.
  server: { proxy: { "/api": process.env.DENGHUO_API ?? "http://127.0.0.1:8460" } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
