/** The words in the chosen language, and dates as people say them. English is fetched only when asked for. */
import { computed, ref, shallowRef } from "vue";
import type { Codes } from "./codes.ts";
import { codes as codesZh } from "./codes.zh-CN.ts";
import { zhCN, type Words } from "./zh-CN.ts";

export type Language = "zh-CN" | "en";
const KEY = "staff.language";

export const language = ref<Language>("zh-CN");
const loaded = shallowRef<{ words: Words; codes: Codes }>({ words: zhCN, codes: codesZh });

/** The words, in the language of now. */
export const words = computed(() => loaded.value.words);
/** What the codes of the API mean. */
export const codes = computed(() => loaded.value.codes);

/** The word for a code of an open list; the code itself when it is newer than this page. */
export function named(list: Readonly<Record<string, string>>, code: string): string {
  return list[code] ?? code;
}

/** Puts values in the places of a sentence: `fill("还剩 {n} 小时", { n: 2 })`. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export async function speak(wanted: Language): Promise<void> {
  if (wanted === "en") {
    const [text, list] = await Promise.all([import("./en.ts"), import("./codes.en.ts")]);
    loaded.value = { words: text.en, codes: list.codes };
  } else {
    loaded.value = { words: zhCN, codes: codesZh };
  }
  language.value = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem(KEY, wanted);
}

/** The language of the last visit; Chinese at first. */
export async function speakAsBefore(): Promise<void> {
  if (localStorage.getItem(KEY) === "en") await speak("en");
}

const inShanghai = { timeZone: "Asia/Shanghai" } as const;

/** 11月30日; with the year when it is another one. An end at midnight belongs to the day before. */
export function day(instant: string, isEnd = false): string {
  const at = new Date(Date.parse(instant) - (isEnd ? 1 : 0));
  const year = (date: Date) => date.toLocaleDateString("en", { ...inShanghai, year: "numeric" });
  const sameYear = year(at) === year(new Date());
  return at.toLocaleDateString(language.value, {
    ...inShanghai,
    month: language.value === "en" ? "short" : "long",
    day: "numeric",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** 11月30日 14:05. */
export function moment(instant: string): string {
  const time = new Date(instant).toLocaleTimeString(language.value, { ...inShanghai, hour: "2-digit", minute: "2-digit", hour12: false });
  return `${day(instant)} ${time}`;
}

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

/** How far a limit is away, in whole hours or days: working days are counted by the server alone. */
export function untilDue(due: string, now = Date.now()): string {
  const left = Date.parse(due) - now;
  const most = Math.abs(left);
  const over = left <= 0;
  if (most < HOUR) return fill(over ? words.value.due.overMinutes : words.value.due.minutes, { n: Math.max(1, Math.round(most / 60000)) });
  if (most < DAY) return fill(over ? words.value.due.overHours : words.value.due.hours, { n: Math.round(most / HOUR) });
  if (over) return fill(words.value.due.overDays, { n: Math.floor(most / DAY) });
  return fill(words.value.due.by, { date: day(due, true) });
}
