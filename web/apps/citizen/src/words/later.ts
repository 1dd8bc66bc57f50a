/** The words of pages that come later, in the chosen language. */
import { computed } from "vue";
import { english } from "./index.ts";
import { laterZhCN, type LaterWords } from "./later.zh-CN.ts";

export const laterWords = computed<LaterWords>(() => english.value?.laterEn ?? laterZhCN);
