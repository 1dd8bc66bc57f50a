/** The words in the chosen language, and dates as people say them. English is fetched only when asked for. */
import { computed, ref, shallowRef } from "vue";
import { zhCN, type Words } from "./zh-CN.ts";

export type Language = "zh-CN" | "en";
const KEY = "language";

export const language = ref<Language>("zh-CN");
/** The English words, while they are spoken. */
export const english = shallowRef<typeof import("./en.ts") | null>(null);

/** The words, in the language of now. */
export const words = computed<Words>(() => english.value?.en ?? zhCN);

/** Puts values in the places of a sentence: `fill("还剩 {n} 天", { n: 2 })`. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** A fixed word of the server, in the language of now; what has no English stays as it was said. */
export const spoken = (said: string) => english.value?.said[said] ?? said;

export async function speak(wanted: Language): Promise<void> {
  english.value = wanted === "en" ? await import("./en.ts") : null;
  language.value = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem(KEY, wanted);
}

/** The language of the last visit, else the browser's. */
export async function speakAsBefore(): Promise<void> {
  const kept = localStorage.getItem(KEY);
  const wanted = kept ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
  if (wanted === "en") await speak("en");
}

const inShanghai = { timeZone: "Asia/Shanghai" } as const;

/** 11月30日; with the year when it is another one. An instant at midnight belongs to the day that ends then. */
export function day(instant: string, isEnd = false): string {
  const at = new Date(Date.parse(instant) - (isEnd ? 1 : 0));
  const year = (date: Date) => date.toLocaleDateString("en", { ...inShanghai, year: "numeric" });
  const sameYear = year(at) === year(new Date());
  return at.toLocaleDateString(language.value, {
    ...inShanghai,
    month: "long",
    day: "numeric",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** 11月30日 14:05. */
export function moment(instant: string): string {
  const time = new Date(instant).toLocaleTimeString(language.value, { ...inShanghai, hour: "2-digit", minute: "2-digit" });
  return `${day(instant)} ${time}`;
}
