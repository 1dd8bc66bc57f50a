/** The two languages have the same places in their sentences. */
import { expect, test } from "vitest";
import { en, laterEn } from "../src/words/en.ts";
import { laterZhCN } from "../src/words/later.zh-CN.ts";
import { zhCN } from "../src/words/zh-CN.ts";

function places(words: unknown): string[] {
  if (typeof words === "string") return [[...words.matchAll(/\{\w+\}/g)].map(([place]) => place).sort().join()];
  return Object.values(words as object).flatMap(places);
}

test("what is put into a sentence is put into it in both languages", () => {
  expect(places(en)).toEqual(places(zhCN));
  expect(places(laterEn)).toEqual(places(laterZhCN));
});
