/** The pages in a real browser, on a cheap phone's screen, against the real program with its demonstration city. */
import { defineConfig } from "@playwright/test";

/** Debian's; another one by its path. Nothing is downloaded. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "browser",
  globalSetup: "./browser/server.ts",
  // One program and one database for all of them.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  outputDir: "browser/results",
  use: {
    actionTimeout: 45_000,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: process.env["SHOTS"] ? 2 : 1,
    hasTouch: true,
    isMobile: true,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    geolocation: { latitude: 35.05, longitude: 118.35, accuracy: 12 },
    permissions: ["geolocation", "clipboard-write"],
    launchOptions: { executablePath: CHROMIUM, args: ["--no-sandbox"] },
  },
});
