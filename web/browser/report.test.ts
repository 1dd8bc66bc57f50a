/** Reporting: in six taps, with the keyboard alone, by names alone, and how much a first visit fetches. */
import { gzipSync } from "node:zlib";
import { BASE, PHOTOS, addPhotos, expect, freshPhone, ownCase, ownCases, prove, signIn, test, type Locator, type Page } from "./phone.ts";

const MOST_BYTES = 60 * 1024;
const MOST_TAPS = 6;

test("a new resident reports with a photo, proves the number, and has receipt, code and link at once", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "拍照报告问题" }).tap();
  await addPhotos(page, PHOTOS.slice(0, 1));
  await page.getByRole("button", { name: "用照片里的位置" }).tap();
  await page.getByRole("textbox", { name: "什么问题" }).fill("银雀山路东段路灯不亮，晚上看不清路，老人孩子容易摔倒。");
  await expect(page.getByText("最迟")).toBeVisible();
  await page.getByRole("button", { name: "提交" }).tap();
  await prove(page, freshPhone());
  await expect(page.getByRole("heading", { name: "已经收到" })).toBeVisible();
  await expect(page.getByText(/^LY-[0-9A-Z-]+$/)).toBeVisible();
  await expect(page.getByRole("img", { name: "这件诉求的二维码" })).toBeVisible();
  await expect(page.getByText(`${BASE()}/cases/LY-`)).toBeVisible();
  await page.getByRole("link", { name: "看办到哪一步" }).tap();
  await expect(page.getByRole("heading", { name: "您的原话" })).toBeVisible();
  const [only, ...others] = await ownCases(page);
  expect(others).toEqual([]);
  expect((await ownCase(page, only?.receipt_no ?? "")).photos.map((photo) => typeof photo.id)).toEqual(["string"]);
});

test("signed in, with position and one photo, it takes no more than six taps", async ({ page }) => {
  await signIn(page, freshPhone());
  await page.goto("/");
  let taps = 0;
  const tap = async (what: Locator) => {
    taps += 1;
    await what.tap();
  };
  await tap(page.getByRole("link", { name: "拍照报告问题" }));
  // The camera or the gallery: one tap here, the system's own afterwards.
  taps += 1;
  await addPhotos(page, PHOTOS.slice(1, 2));
  await tap(page.getByRole("textbox", { name: "什么问题" }));
  await page.keyboard.type("菜市场后门的垃圾桶三天没有清，味道很大。");
  await tap(page.getByRole("button", { name: "定位" }));
  await expect(page.getByText("误差约 12 米")).toBeVisible();
  await tap(page.getByRole("button", { name: "提交" }));
  await expect(page.getByRole("heading", { name: "已经收到" })).toBeVisible();
  expect(taps).toBeLessThanOrEqual(MOST_TAPS);
});

test("the whole report is made with the keyboard alone", async ({ page }) => {
  await signIn(page, freshPhone());
  await page.goto("/");
  await tabTo(page, "拍照报告问题");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "报告问题" })).toBeFocused();
  await tabTo(page, "什么问题");
  await page.keyboard.type("小区门口的井盖翘起来了，晚上电动车差点摔倒。");
  await tabTo(page, "选村居");
  await page.keyboard.press("Enter");
  await tabTo(page, "按名称找镇街、村居");
  await page.keyboard.type("银雀山");
  await expect(page.getByText(/找到 \d 个/)).toBeVisible();
  await tabTo(page, "兰山区银雀山街道");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "选村居" })).toBeFocused();
  await tabTo(page, "文字");
  await page.keyboard.press("Enter");
  await tabTo(page, "具体在哪儿");
  await page.keyboard.type("南关社区东门");
  // What the server makes of the words comes a moment after them.
  await expect(page.getByRole("combobox", { name: "井盖怎么了" })).toBeVisible();
  await tabTo(page, "井盖怎么了");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "公开");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("只有您、热线和办理的单位看得到。")).toBeVisible();
  await tabTo(page, "提交");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "已经收到" })).toBeVisible();
});

test("what was written stays when the page is left, and is deleted when wanted", async ({ page }) => {
  await page.goto("/report");
  await page.getByRole("textbox", { name: "什么问题" }).fill("路边的树倒了，挡住了半条路。");
  await addPhotos(page, PHOTOS.slice(2));
  await expect(page.getByText("草稿已存在手机上")).toBeVisible();
  await page.goto("/");
  await page.getByRole("link", { name: /有一份没写完的草稿/ }).tap();
  await expect(page.getByRole("textbox", { name: "什么问题" })).toHaveValue("路边的树倒了，挡住了半条路。");
  await expect(page.getByRole("img", { name: "第 1 张照片" })).toBeVisible();
  await page.getByRole("button", { name: "删去草稿" }).tap();
  await expect(page.getByText("有一份没写完的草稿")).toHaveCount(0);
});

test("an empty report is not sent, and the page says what is missing", async ({ page }) => {
  await page.goto("/report");
  await page.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByRole("alert").filter({ hasText: "请写明是什么问题" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "什么问题" })).toBeFocused();
});

test("a first visit to the report page fetches no more than 60 KB of page, script and style", async ({ browser }) => {
  const context = await browser.newContext({ serviceWorkers: "block", locale: "zh-CN", viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  let bytes = 0;
  const counted: Promise<void>[] = [];
  page.on("response", (response) => {
    const kind = response.headers()["content-type"] ?? "";
    if (!/html|javascript|css/.test(kind)) return;
    counted.push(response.body().then((body) => void (bytes += gzipSync(body, { level: 9 }).length)));
  });
  await page.goto(`${BASE()}/report`, { waitUntil: "networkidle" });
  await Promise.all(counted);
  await context.close();
  console.log(`first visit to the report page: ${bytes} bytes of at most ${MOST_BYTES}`);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  const limit = 60;
  for (let presses = 0; presses < limit; presses += 1) {
    await page.keyboard.press("Tab");
    const called = await page.evaluate(() => {
      const focused = document.activeElement as HTMLInputElement | null;
      return (focused?.getAttribute("aria-label") ?? focused?.labels?.[0]?.textContent ?? focused?.textContent ?? "").trim();
    });
    if (called.startsWith(name)) return;
  }
  throw new Error(`the keyboard does not reach "${name}"`);
}
