/** Following a case: what its requester reads and does, what everybody reads. */
import { join } from "node:path";
import { addPhotos, BASE, codesFor, expect, freshPhone, nextCode, ownCases, PHOTOS, signIn, test } from "./phone.ts";

/** Residents of the invented city. */
const LUO = "13800000001";

test("a requester adds words and a photo, and urges", async ({ page }) => {
  await signIn(page, LUO);
  const open = (await ownCases(page)).find((one) => one.state === "handling");
  await page.goto(`/cases/${open?.receipt_no}`);
  await page.getByRole("button", { name: "追加信息" }).tap();
  const form = page.getByRole("dialog", { name: "追加信息" });
  await form.getByRole("textbox").fill("今天又有一辆三轮车陷进去了。");
  await addPhotos(page, PHOTOS.slice(0, 1));
  await form.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("今天又有一辆三轮车陷进去了。")).toBeVisible();
  await page.getByRole("button", { name: "催办" }).tap();
  await expect(page.getByText("已经提醒承办单位。")).toBeVisible();
  await expect(page.getByText(/您的催办已经收到/)).toBeVisible();
});

test("the inbox counts what is unread until it was seen", async ({ page }) => {
  await signIn(page, "13800000002");
  const tab = page.getByRole("link", { name: "消息" });
  await expect(tab).toContainText(/\d+ 条未读/);
  await tab.tap();
  await expect(page.getByRole("heading", { name: "消息" })).toBeVisible();
  await expect(tab).not.toContainText("条未读");
});

test("a stranger reads a public case with its ladder, shares it, and follows it after signing in", async ({ page, request }) => {
  const listed = await (await request.get(`${BASE()}/api/v1/public/cases?limit=100`)).json();
  const supervised = listed.items.find((one: { tier: number; is_open: boolean }) => one.tier >= 2 && one.is_open);
  await page.goto(`/cases/${supervised.receipt_no}`);
  const ladder = page.getByRole("region", { name: "督办到了哪一级" });
  await expect(ladder.getByRole("listitem")).toHaveCount(5);
  await expect(ladder.locator('[aria-current="step"]')).toContainText("现在");
  await page.getByRole("button", { name: "分享" }).tap();
  await signIn(page, freshPhone());
  await page.goto(`/cases/${supervised.receipt_no}`);
  await page.getByRole("button", { name: "关注进展" }).tap();
  await expect(page.getByRole("button", { name: "不再关注" })).toBeVisible();
  await page.goto("/mine");
  await page.getByRole("button", { name: "我关注的" }).tap();
  await expect(page.getByRole("listitem")).toHaveCount(1);
});

test("public cases are searched, filtered and found on the map", async ({ page }) => {
  await page.goto("/nearby");
  await expect(page.getByRole("listitem").first()).toBeVisible();
  await page.getByRole("searchbox").fill("井盖");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByRole("listitem").first()).toContainText("井盖");
  await page.getByRole("searchbox").fill("没有这样的事情");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByText("没有找到。换个词，或者放宽筛选。")).toBeVisible();
  await page.goto("/nearby?view=map");
  await expect(page.locator(".cluster").first()).toBeVisible();
  await expect(page.getByText(/GS\(2024\)\d+/)).toBeVisible();
});

test("on tiles with the mainland's datum the place that is picked is the one that was meant", async ({ page }) => {
  const tiles: string[] = [];
  const map = { kind: "xyz", datum: "gcj02", tiles: "/api/v1/tiles/{z}/{x}/{y}", attribution: "测试底图 GS(2026)0001", min_zoom: 3, max_zoom: 18 };
  await page.route("**/api/v1/base-map", (route) => route.fulfill({ json: map }));
  await page.route("**/api/v1/tiles/**", async (route) => {
    tiles.push(new URL(route.request().url()).pathname);
    await route.fulfill({ path: join(import.meta.dirname, "../apps/citizen/public/icon-192.png") });
  });
  await page.goto("/report");
  await page.getByRole("button", { name: "定位" }).tap();
  await expect(page.getByText("误差约 12 米")).toBeVisible();
  await page.getByRole("button", { name: "地图" }).tap();
  await expect(page.getByText("测试底图 GS(2026)0001")).toBeVisible();
  await expect.poll(() => tiles.some((path) => path.startsWith("/api/v1/tiles/15/"))).toBe(true);
  await page.getByRole("textbox", { name: "什么问题" }).fill("健康路东段路灯不亮，晚上看不清路。");
  const asked = page.waitForRequest((request) => request.url().endsWith("/cases/preview") && /"latitude":35\.0(5|49)/.test(request.postData() ?? ""));
  await page.getByRole("button", { name: "就是这里" }).tap();
  const { place } = (await asked).postDataJSON();
  expect(Math.abs(place.latitude - 35.05)).toBeLessThan(0.0002);
  expect(Math.abs(place.longitude - 118.35)).toBeLessThan(0.0002);
});

test("a requester answers the clerk's question", async ({ page }) => {
  await signIn(page, "13800000004");
  const asked = (await ownCases(page)).find((one) => one.state === "needs_information");
  await page.goto(`/cases/${asked?.receipt_no}`);
  await expect(page.getByRole("region", { name: "受理员想请您补充" })).toBeVisible();
  await page.getByRole("button", { name: "补充信息" }).tap();
  const form = page.getByRole("dialog", { name: "补充信息" });
  await form.getByRole("textbox").fill("在老菜市场北门，靠近公交站牌。");
  await form.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("在老菜市场北门，靠近公交站牌。")).toBeVisible();
  await expect(page.getByRole("region", { name: "受理员想请您补充" })).toHaveCount(0);
});

test("who is not satisfied with a reply says so, and it is done again", async ({ page }) => {
  await signIn(page, "13800000008");
  const replied = (await ownCases(page)).find((one) => one.state === "replied");
  await page.goto(`/cases/${replied?.receipt_no}`);
  await page.getByRole("link", { name: "评价处理结果" }).tap();
  await page.getByRole("button", { name: "提交评价" }).tap();
  await expect(page.getByRole("alert")).toContainText("请先选");
  await page.getByRole("group", { name: "问题解决了吗？" }).getByText("部分解决").tap();
  await page.getByRole("group", { name: "对结果满意吗？" }).getByText("不满意", { exact: true }).tap();
  await expect(page.getByText("不满意会重新办理，不会不了了之。")).toBeVisible();
  await page.getByRole("group", { name: /速度怎么样/ }).getByText("基本满意").tap();
  await page.getByRole("textbox", { name: /想说的话/ }).fill("只修了一半，另一半还是老样子。");
  await page.getByRole("button", { name: "提交评价" }).tap();
  await expect(page.getByText(/您不满意，我们重新办理/)).toBeVisible();
  await expect(page.getByText("部分解决 · 不满意")).toBeVisible();
});

test("without an account a case is looked up by receipt and a code", async ({ page, browser }) => {
  // A number is sent one code a minute, and its owner has just signed in.
  test.setTimeout(120_000);
  const phone = "13800000003";
  const other = await browser.newContext({ baseURL: BASE() });
  const owner = await other.newPage();
  await signIn(owner, phone);
  const [own] = await ownCases(owner);
  await other.close();
  const before = await codesFor(phone);
  await page.goto("/look-up");
  await page.getByRole("textbox", { name: "受理号" }).fill(own?.receipt_no ?? "");
  await page.getByRole("textbox", { name: "手机号" }).fill(phone);
  await expect(async () => {
    await page.getByRole("button", { name: "获取验证码" }).tap({ timeout: 1_000 });
    await expect(page.getByText("验证码已经发出")).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 80_000, intervals: [3_000] });
  await page.getByRole("textbox", { name: "短信验证码" }).fill(await nextCode(phone, before));
  await page.getByRole("button", { name: "查询" }).tap();
  await expect(page.getByRole("heading", { name: own?.title ?? "" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "经过" })).toBeVisible();
});
