/** Desks of the staff: each person in a browser of their own, watched as the phones are. */
import { createHmac } from "node:crypto";
import { expect, test as base, watch, type Page, type Watched } from "./phone.ts";

/** The one password of the invented city. */
export const PASSWORD = "Linyi-12345-demo";

const DESK = { viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false } as const;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;

const PLACES = { desk: DESK, phone: PHONE, dark: { ...DESK, colorScheme: "dark" } } as const;
/** At a desk, on a phone, or at a desk whose system is dark. */
export type Where = keyof typeof PLACES;
type Sit = (username: string, on?: Where) => Promise<Page>;

export const test = base.extend<{ sit: Sit }>({
  /** Signs somebody in, in a browser of their own. */
  sit: async ({ browser, baseURL }, use) => {
    const seen: Watched = { outside: [], stopped: [], failed: [] };
    await use(async (username, on = "desk") => {
      const context = await browser.newContext({ ...PLACES[on], baseURL: baseURL ?? "" });
      const page = await context.newPage();
      page.setDefaultTimeout(45_000);
      watch(page, seen);
      await enter(page, username, PASSWORD);
      return page;
    });
    expect(seen, "nothing is asked of others, nothing is stopped, nothing fails").toEqual({ outside: [], stopped: [], failed: [] });
  },
});

export { expect, type Page };

/** Name and password, up to what comes next. */
export async function enter(page: Page, username: string, password: string): Promise<void> {
  await page.goto("/staff/sign-in");
  await page.getByRole("textbox", { name: "账号" }).fill(username);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /您好|第二步|设置/ })).toBeVisible();
}

/** Waits until what a room shows has come. The network is never idle: the desk listens for what happens. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
  await expect(page.locator(".loading")).toHaveCount(0);
}

export async function openCase(page: Page, receipt: string): Promise<void> {
  await page.goto(`/staff/cases/${receipt}`);
  await expect(page.getByText(receipt).first()).toBeVisible();
}

/** Opens an act of the case on the page, fills its form in, and does it. */
export async function act(page: Page, name: string, fill: (form: ReturnType<Page["getByRole"]>) => Promise<void> = async () => {}): Promise<void> {
  await page.getByRole("region", { name: "可以做的" }).getByRole("button", { name }).first().click();
  const form = page.getByRole("dialog", { name });
  await fill(form);
  await form.getByRole("button", { name, exact: true }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByText(`“${name}”已经办好。`)).toBeVisible();
}

/** Takes a call and answers the receipt number. */
export async function takeCall(page: Page, phone: string, words: string, visibility: "公开" | "不公开" = "公开"): Promise<string> {
  await page.goto("/staff/calls");
  await page.getByRole("textbox", { name: "来电号码" }).fill(phone);
  await page.getByRole("textbox", { name: "来电人怎么说" }).fill(words);
  await page.getByRole("combobox", { name: "地点" }).fill("沂水 沂城街道");
  await page.getByRole("listbox", { name: "地点" }).getByRole("option").first().click();
  await page.getByRole("textbox", { name: "具体位置" }).fill("健康路东段");
  await page.getByRole("radio", { name: new RegExp(`^${visibility} `) }).check();
  await page.getByRole("checkbox", { name: /已经向来电人说清楚/ }).check();
  if (visibility === "公开") await page.getByRole("checkbox", { name: "来电人口头同意公开" }).check();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("登记好了")).toBeVisible();
  return (await page.locator(".receipt").innerText()).trim();
}

/** What an authenticator app shows for a secret in base 32 (RFC 6238), some steps of 30 seconds from now. */
export function codeOf(secret: string, steps = 0): string {
  const bits = [...secret.replace(/\s|=/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
