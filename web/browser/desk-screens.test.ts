/**
 * Every room of the console at a desk and on a phone, with its questions open: by the rules of WCAG 2.2 A and AA, and no wider than
 * the screen. With `SHOTS` (`npm run shots`) each is also pictured.
 */
import { expect, settled, test, type Page } from "./desk.ts";
import { violations } from "./phone.ts";
import { picture } from "./pictures.ts";

interface Room {
  name: string;
  path: string;
  /** What is opened in it. */
  open?: (page: Page) => Promise<void>;
}

const firstOf = async (page: Page) => {
  await page.getByRole("main").getByRole("list").last().getByRole("link").first().click();
  await settled(page);
};
const firstWith = (act: RegExp) => async (page: Page) => {
  await firstOf(page);
  await page.getByRole("region", { name: "可以做的" }).getByRole("button", { name: act }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
};

const ROOMS: Readonly<Record<string, readonly Room[]>> = {
  shouli: [
    { name: "home", path: "" },
    { name: "acceptance", path: "queues/acceptance" },
    { name: "acceptance-case", path: "queues/acceptance", open: firstOf },
    { name: "call", path: "calls" },
    { name: "search", path: "search?q=路灯" },
    { name: "knowledge", path: "knowledge" },
    { name: "units", path: "units" },
    { name: "categories", path: "categories" },
    { name: "own-account", path: "me" },
    { name: "nowhere", path: "nothing-here" },
  ],
  paidan: [
    { name: "dispatch", path: "queues/dispatch" },
    { name: "dispatch-case", path: "queues/dispatch", open: firstOf },
    { name: "dispatch-form", path: "queues/dispatch", open: firstWith(/派单/) },
  ],
  "ys-chengguan.chengban": [{ name: "reply-form", path: "queues/mine", open: firstWith(/提交答复/) }],
  shenhe: [{ name: "review-case", path: "queues/review", open: firstOf }],
  zhengwu: [{ name: "bench", path: "benches/government", open: firstOf }],
  neirong: [{ name: "moderation", path: "moderation", open: firstOf }],
  zhishi: [{ name: "templates", path: "templates" }],
  yinsi: [{ name: "rights", path: "rights" }],
  anquan: [{ name: "people", path: "people" }],
  xitong: [
    { name: "policies", path: "policies" },
    { name: "dead-letters", path: "dead-letters" },
  ],
  shenji: [{ name: "audit", path: "audit" }],
};

/** Whose rooms are looked at in the dark: they hold every part. */
const IN_THE_DARK: ReadonlySet<string> = new Set(["paidan", "ys-chengguan.chengban", "zhengwu", "neirong"]);

for (const on of ["desk", "phone", "dark"] as const) {
  test(`every room keeps the rules of accessibility and fits: ${on}`, async ({ sit }) => {
    test.setTimeout(900_000);
    const wrong: string[] = [];
    for (const [username, rooms] of Object.entries(ROOMS)) {
      if (on === "dark" && !IN_THE_DARK.has(username)) continue;
      const page = await sit(username, on);
      for (const room of rooms) {
        await page.goto(`/staff/${room.path}`);
        await settled(page);
        await room.open?.(page);
        await settled(page);
        wrong.push(...(await violations(page)).map((one) => `${room.name}: ${one}`));
        if (await page.evaluate((width) => document.documentElement.scrollWidth > width, page.viewportSize()?.width ?? 0)) wrong.push(`${room.name}: wider than the screen`);
        await picture(page, `desk-${room.name}`, on);
      }
      await page.context().close();
    }
    expect(wrong).toEqual([]);
  });
}

test("in English every room has its words", async ({ sit }) => {
  const page = await sit("paidan");
  await page.goto("/staff/me");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "My account" })).toBeVisible();
  await page.goto("/staff/queues/dispatch");
  await expect(page.getByRole("heading", { name: "To dispatch" })).toBeVisible();
  await page.getByRole("link", { name: "夜里往河沟排黑水" }).click();
  await expect(page.getByRole("button", { name: "Dispatch" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
});
