import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { shell } from "./build/shell.ts";

/** The server that answers `/api` while the pages are served by Vite. */
const API = process.env["SHOUFA_API"] ?? "http://127.0.0.1:12345";

/** What every page needs, in one file: it packs better than many small ones. */
const EVERYWHERE =
  /node_modules\/(@vue|vue|vue-router|idb-keyval|openapi-fetch)\/|packages\/api\/|src\/(outbox|words\/(index|zh-CN)|parts\/(AppIcon|ProblemNote|TabBar|TopBar)|session\/(appearance|asked|doing|inbox|online|session|told))\b/;

export default defineConfig({
  plugins: [vue(), shell()],
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  build: {
    target: "es2022",
    // Nothing inline: the page's policy lets in files of its own origin alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { app: "index.html", sw: "worker/sw.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        codeSplitting: { groups: [{ name: "everywhere", test: EVERYWHERE }] },
      },
    },
  },
  server: { proxy: { "/api": API } },
  preview: { proxy: { "/api": API } },
  test: { include: ["tests/**/*.test.ts"] },
});
