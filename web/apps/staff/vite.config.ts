import vue from "@vitejs/plugin-vue";
import { defineConfig, loadEnv } from "vite";

/** What the server sends with every page; the preview sends it too, so that a violation shows before anything is embedded. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig(({ mode }) => {
  // The server that answers `/api` while the pages are served by Vite.
  const api = loadEnv(mode, ".", "SHOUFA_")["SHOUFA_API"] ?? "http://127.0.0.1:12345";
  return {
    base: "/staff/",
    plugins: [vue()],
    define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" },
    build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    server: { proxy: { "/api": api } },
    preview: { proxy: { "/api": api }, headers: { "Content-Security-Policy": POLICY } },
  };
});
