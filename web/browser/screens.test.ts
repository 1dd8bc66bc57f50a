/**
 * Every screen, in its states and with its dialogs open: by the rules of WCAG 2.2 A and AA, light, dark and for the elderly. With
 * `SHOTS` (`npm run shots`) each is also pictured.
 */
import { addPhotos, BASE, expect, ownCases, PHOTOS, signIn, test, violations, type Page } from "./phone.ts";
import { picture } from "./pictures.ts";

type Look = "light" | "dark" | "elder";
const LOOKS: readonly Look[] = ["light", "dark", "elder"];

interface Screen {
  name: string;
  open: (page: Page) => Promise<void>;
}

async function anyCase(page: Page, wanted: (one: { tier: number; outcome?: string; thumbnail?: string }) => boolean): Promise<string> {
  const listed = await (await page.request.get(`${BASE()}/api/v1/public/cases?limit=100`)).json();
  return listed.items.find(wanted)?.receipt_no ?? listed.items[0].receipt_no;
}

async function written(page: Page): Promise<void> {
  await page.goto("/report");
  await page.getByRole("textbox", { name: "什么问题" }).fill("健康路东段路灯不亮，晚上看不清路。");
  await page.getByRole("button", { name: "定位" }).click();
  await expect(page.getByText("误差约 12 米")).toBeVisible();
  await expect(page.getByRole("group", { name: "类别" })).toBeVisible();
}

const VISITOR: readonly Screen[] = [
  { name: "home", open: (page) => goto(page, "/") },
  { name: "nearby", open: (page) => goto(page, "/nearby") },
  {
    name: "nearby-filters",
    open: async (page) => {
      await goto(page, "/nearby");
      await page.getByRole("button", { name: "筛选" }).click();
    },
  },
  {
    name: "map",
    open: async (page) => {
      await goto(page, "/nearby?view=map");
      await expect(page.locator(".cluster").first()).toBeVisible();
    },
  },
  {
    name: "report",
    open: async (page) => {
      await written(page);
      await addPhotos(page, PHOTOS.slice(0, 1));
    },
  },
  {
    name: "report-map",
    open: async (page) => {
      await written(page);
      await page.getByRole("button", { name: "地图" }).click();
      await expect(page.locator(".leaflet-container")).toBeVisible();
      await page.locator(".leaflet-container").evaluate((map) => map.scrollIntoView({ block: "center" }));
    },
  },
  {
    name: "report-village",
    open: async (page) => {
      await written(page);
      await page.getByRole("button", { name: "选村居" }).click();
      await expect(page.getByRole("combobox", { name: "区县" })).toBeVisible();
    },
  },
  {
    name: "proof",
    open: async (page) => {
      await written(page);
      await page.getByRole("button", { name: "提交" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  { name: "case-supervised", open: async (page) => goto(page, `/cases/${await anyCase(page, (one) => one.tier >= 2)}`) },
  { name: "case-solved", open: async (page) => goto(page, `/cases/${await anyCase(page, (one) => one.outcome === "resolved" && !!one.thumbnail)}`) },
  { name: "case-gone", open: (page) => goto(page, "/cases/LY-0000-0000-0000-00") },
  { name: "look-up", open: (page) => goto(page, "/look-up") },
  { name: "privacy", open: (page) => goto(page, "/privacy") },
  { name: "refusals", open: (page) => goto(page, "/refusals") },
  { name: "settings-visitor", open: (page) => goto(page, "/settings") },
  { name: "inbox-visitor", open: (page) => goto(page, "/inbox") },
  { name: "mine-visitor", open: (page) => goto(page, "/mine") },
  { name: "nowhere", open: (page) => goto(page, "/nothing-here") },
];

const RESIDENT: readonly Screen[] = [
  { name: "home-resident", open: (page) => goto(page, "/") },
  { name: "mine", open: (page) => goto(page, "/mine") },
  { name: "inbox", open: (page) => goto(page, "/inbox") },
  { name: "settings", open: (page) => goto(page, "/settings") },
  { name: "case-own", open: async (page) => goto(page, `/cases/${await own(page, "replied")}`) },
  {
    name: "case-act",
    open: async (page) => {
      await goto(page, `/cases/${await own(page, "replied")}`);
      await page.getByRole("button", { name: "追加信息" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  { name: "rating", open: async (page) => goto(page, `/cases/${await own(page, "replied")}/rating`) },
];

const IN_ENGLISH = {
  home: "/",
  report: "/report",
  nearby: "/nearby",
  map: "/nearby?view=map",
  mine: "/mine",
  inbox: "/inbox",
  settings: "/settings",
  "look-up": "/look-up",
  privacy: "/privacy",
  refusals: "/refusals",
};

async function goto(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
}

async function own(page: Page, state: string): Promise<string> {
  const cases = await ownCases(page);
  return (cases.find((one) => one.state === state) ?? cases[0])?.receipt_no ?? "";
}

async function show(page: Page, look: Look): Promise<void> {
  await page.goto("/privacy");
  await page.evaluate((look) => {
    localStorage.setItem("theme", look === "dark" ? "dark" : "light");
    localStorage.setItem("elder", String(look === "elder"));
  }, look);
}

/** On a phone the page widens its view instead of scrolling: what counts is the width of the screen. */
async function isWider(page: Page): Promise<boolean> {
  const { width = 0 } = page.viewportSize() ?? {};
  return page.evaluate((width) => document.documentElement.scrollWidth > width, width);
}

/** What is smaller or tighter than the elderly need: words below 18, targets below 60, lines below 1.3. */
async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = [];
    const isSeen = (element: Element) => {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && Number(style.opacity) > 0;
    };
    const name = (element: Element) => `${element.tagName} "${element.textContent?.trim().slice(0, 20)}"`;
    for (const element of document.querySelectorAll("body *")) {
      const hasWords = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (!hasWords || !isSeen(element)) continue;
      const { fontSize, lineHeight } = getComputedStyle(element);
      if (parseFloat(fontSize) < 18) wrong.push(`${name(element)}: ${fontSize}`);
      if (lineHeight !== "normal" && parseFloat(lineHeight) / parseFloat(fontSize) < 1.299) wrong.push(`${name(element)}: line ${lineHeight}`);
    }
    for (const element of document.querySelectorAll('a, button, select, textarea, summary, input:not([type="radio"]):not([type="checkbox"]):not([type="file"]), label:has(input[type="radio"], input[type="checkbox"], input[type="file"])')) {
      // A link within a sentence is as high as its line (WCAG 2.5.8 says the same).
      const isInline = element.tagName === "A" && getComputedStyle(element).display === "inline";
      if (!isSeen(element) || (isInline && !getComputedStyle(element, "::after").content.includes('"'))) continue;
      const box = element.getBoundingClientRect();
      const covers = isInline ? element.closest(".card, li")?.getBoundingClientRect() : box;
      if ((covers?.height ?? 0) < 59.5) wrong.push(`${name(element)}: ${Math.round(covers?.height ?? 0)} high`);
    }
    return wrong;
  });
}

for (const look of LOOKS) {
  test(`every screen keeps the rules of accessibility: ${look}`, async ({ page }) => {
    test.setTimeout(600_000);
    const wrong: string[] = [];
    const visit = async (screens: readonly Screen[]) => {
      await show(page, look);
      for (const screen of screens) {
        await screen.open(page);
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        wrong.push(...(await violations(page)).map((one) => `${screen.name}: ${one}`));
        if (await isWider(page)) wrong.push(`${screen.name}: wider than the screen`);
        if (look === "elder") wrong.push(...(await tooSmall(page)).map((one) => `${screen.name}: ${one}`));
        await picture(page, screen.name, look);
      }
    };
    await visit(VISITOR);
    await page.evaluate(() => indexedDB.deleteDatabase("shoufa"));
    await signIn(page, LOOKS.indexOf(look) === 0 ? "13800000002" : `1380000000${5 + LOOKS.indexOf(look)}`);
    await visit(RESIDENT);
    expect(wrong).toEqual([]);
  });
}

test("in English every screen has its words, and nothing is cut", async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, "13800000003");
  await page.goto("/settings");
  await page.getByText("English").click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  const receipt = await own(page, "handling");
  const cut: string[] = [];
  for (const [name, path] of Object.entries({ ...IN_ENGLISH, "case-own": `/cases/${receipt}` })) {
    await goto(page, path);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
    if (await isWider(page)) cut.push(name);
    await picture(page, name, "english");
  }
  expect(cut).toEqual([]);
});
