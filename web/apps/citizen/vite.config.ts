import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

/** The server that answers `/api` while the pages are served by Vite. */
const API = "http://127.0.0.1:12345";

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": API } },
});
