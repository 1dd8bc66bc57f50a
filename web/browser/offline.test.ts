/** Without signal: what is written is kept, sends itself later, and arrives once. Each test has a phone of its own that is switched off. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { BASE, PHOTOS, addPhotos, expect, freshPhone, installed, ownCase, ownCases, signIn, test, watch, type BrowserContext, type Page, type Watched } from "./phone.ts";

const WORDS = "人行道塌了一个坑，晚上没有灯，已经有人崴了脚。";

/** A browser whose storage outlives it. */
async function switchOn(folder: string, seen: Watched): Promise<[BrowserContext, Page]> {
  const { launchOptions, ...use } = test.info().project.use;
  const options = { ...launchOptions, ...use, baseURL: BASE() } as Parameters<typeof chromium.launchPersistentContext>[1];
  const context = await chromium.launchPersistentContext(folder, options);
  const page = context.pages()[0] ?? (await context.newPage());
  watch(page, seen);
  return [context, page];
}

async function onOwnPhone(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "shoufa-phone-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function arrivedOnce(page: Page): Promise<void> {
  await expect(async () => {
    const cases = await ownCases(page);
    expect(cases.map((one) => one.title)).toEqual([expect.stringContaining("人行道塌了")]);
    const { photos } = await ownCase(page, cases[0]?.receipt_no ?? "");
    expect(photos.map((photo) => typeof photo.id)).toEqual(["string", "string", "string"]);
  }).toPass({ timeout: 30_000 });
  await page.goto("/");
  await expect(page.getByText("等着提交")).toHaveCount(0);
}

async function write(page: Page): Promise<void> {
  await addPhotos(page, PHOTOS);
  await page.getByRole("textbox", { name: "什么问题" }).fill(WORDS);
  await page.getByRole("button", { name: "提交" }).tap();
}

test("a report with three photos, written without network, arrives once after the browser was closed and opened", async ({ seen }) => {
  await onOwnPhone(async (folder) => {
    const [before, page] = await switchOn(folder, seen);
    await signIn(page, freshPhone());
    await installed(page);
    await before.setOffline(true);
    await page.goto("/report");
    await write(page);
    await expect(page.getByRole("heading", { name: "已经存好" })).toBeVisible();
    await before.close();

    const [after, again] = await switchOn(folder, seen);
    await again.goto("/");
    await arrivedOnce(again);
    await after.close();
  });
});

test("a report whose second photo is cut in the middle arrives once and whole", async ({ seen }) => {
  await onOwnPhone(async (folder) => {
    const [before, page] = await switchOn(folder, seen);
    await signIn(page, freshPhone());
    await installed(page);
    await page.goto("/report");
    const slow = await before.newCDPSession(page);
    await slow.send("Network.enable");
    await slow.send("Network.emulateNetworkConditions", { offline: false, latency: 50, downloadThroughput: -1, uploadThroughput: 25_000 });
    let photos = 0;
    const cut = new Promise<void>((done) => {
      page.on("request", (request) => {
        if (request.method() !== "POST" || !request.url().includes("/api/v1/photos")) return;
        photos += 1;
        if (photos === 2) setTimeout(() => void before.setOffline(true).then(done), 800);
      });
    });
    await write(page);
    await cut;
    await expect(page.getByText("照片已送到 1 / 3 张")).toBeVisible();
    await before.close();

    const [after, again] = await switchOn(folder, seen);
    await again.goto("/");
    await arrivedOnce(again);
    await after.close();
  });
});

test("whoever is not signed in keeps the report and sends it once the number is proven", async ({ seen }) => {
  await onOwnPhone(async (folder) => {
    const phone = freshPhone();
    const [context, page] = await switchOn(folder, seen);
    await page.goto("/");
    await installed(page);
    await context.setOffline(true);
    await page.goto("/report");
    await write(page);
    const dialog = page.getByRole("dialog", { name: "验证手机号" });
    await dialog.getByRole("textbox", { name: "手机号" }).fill(phone);
    await dialog.getByRole("button", { name: "获取验证码" }).click();
    await dialog.getByRole("button", { name: "先存着，以后再验证" }).click();
    await expect(page.getByText("还差一步")).toBeVisible();
    await context.setOffline(false);
    await signIn(page, phone);
    await arrivedOnce(page);
    await context.close();
  });
});
