import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // While developing, pages come from Vite and the API from a `denghuo serve` of one's own.
  server: { proxy: { "/api": process.env.DENGHUO_API ?? "http://127.0.0.1:8460" } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
