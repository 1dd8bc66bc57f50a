/** A phone with the pages open, watched: what it asks of others, what its policy stops, what fails in it. Each test ends with none of it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Locator, type Page } from "@playwright/test";

export const BASE = () => process.env["SHOUFA_BASE"] ?? "";
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Real photographs, those that the program's own tests fetch; the first was taken in Linyi. */
export const PHOTOS = ["linyi.jpg", "china.jpg", "flower.jpg"].map((name) => join(process.env["SHOUFA_SAMPLE_PHOTOS"] ?? join(import.meta.dirname, "../../target/sample-photos"), name));

export interface Watched {
  outside: string[];
  stopped: string[];
  failed: string[];
}

/** Writes down what goes wrong in a page. */
export function watch(page: Page, seen: Watched): void {
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== BASE() && protocol.startsWith("http")) seen.outside.push(request.url());
  });
  page.on("console", (message) => {
    if (/Content Security Policy|violates/.test(message.text())) seen.stopped.push(message.text());
  });
  page.on("pageerror", (problem) => seen.failed.push(problem.message));
}

export const test = base.extend<{ seen: Watched }>({
  baseURL: ({}, use) => use(BASE()),
  seen: [
    async ({ context }, use) => {
      const seen: Watched = { outside: [], stopped: [], failed: [] };
      context.on("page", (page) => watch(page, seen));
      await use(seen);
      expect(seen, "nothing is asked of others, nothing is stopped, nothing fails").toEqual({ outside: [], stopped: [], failed: [] });
    },
    { auto: true },
  ],
});

export { expect };

/** What stands against WCAG 2.2 A and AA on the page as it is now. */
export async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
}

/** The codes that the program printed for this number, oldest first. */
export async function codesFor(phone: string): Promise<string[]> {
  const lines = (await readFile(process.env["SHOUFA_LOG"] ?? "", "utf8")).split("\n");
  const own = lines.filter((line) => line.includes(`尾号 ${phone.slice(-4)}`));
  return own.flatMap((line) => line.match(/(?<!\d)\d{6}(?!\d)/g)?.at(-1) ?? []);
}

/** The code that comes after those that were there before it was asked for. */
export async function nextCode(phone: string, before: readonly string[]): Promise<string> {
  let code: string | undefined;
  await expect(async () => {
    code = (await codesFor(phone))[before.length];
    expect(code, `a code for …${phone.slice(-4)} is printed`).toBeDefined();
  }).toPass({ timeout: 10_000, intervals: [100] });
  return code ?? "";
}

/** A number that nobody had before, so that a program that ran already can be asked too. */
export function freshPhone(): string {
  return `139${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
}

/** Proves a number in the dialog that is open. */
export async function prove(page: Page, phone: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "验证手机号" });
  const before = await codesFor(phone);
  await dialog.getByRole("textbox", { name: "手机号" }).fill(phone);
  await dialog.getByRole("button", { name: "获取验证码" }).click();
  await expect(dialog.getByText("验证码已经发出")).toBeVisible();
  await dialog.getByRole("textbox", { name: "短信验证码" }).fill(await nextCode(phone, before));
  await dialog.getByRole("button", { name: "确定" }).click();
}

export async function signIn(page: Page, phone: string): Promise<void> {
  await page.goto("/sign-in");
  await prove(page, phone);
  await page.waitForURL("**/mine");
}

/** Waits until the app is on the phone, so that it opens without network. */
export async function installed(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

/** The own cases, as the server has them. */
export async function ownCases(page: Page): Promise<{ receipt_no: string; title: string; state: string }[]> {
  return page.evaluate(async () => {
    const { tokens } = JSON.parse(localStorage.getItem("session") ?? "{}");
    const answer = await fetch("/api/v1/me/cases?limit=100", { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    return (await answer.json()).items;
  });
}

export interface OwnCase {
  photos: { id?: string }[];
  state: string;
  due_at?: string;
  supervisions: { tier_number: number; due_at: string }[];
}

/** The own case as the server has it. */
export async function ownCase(page: Page, receipt: string): Promise<OwnCase> {
  return page.evaluate(async (receipt) => {
    const { tokens } = JSON.parse(localStorage.getItem("session") ?? "{}");
    const answer = await fetch(`/api/v1/cases/${receipt}`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    return answer.json();
  }, receipt);
}

export async function addPhotos(page: Page, photos: readonly string[]): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles([...photos]);
  await expect(page.getByRole("img", { name: /第 \d 张照片/ })).toHaveCount(photos.length);
}

export type { BrowserContext, Locator, Page };
