/** What was typed into the forms of the acts and not sent yet, for as long as the page lives. */
import { ref, type Ref } from "vue";
import type { Values } from "./fields.ts";

const drafts = new Map<string, Ref<Values>>();

export function keptDraft(name: string, start: () => Values): Ref<Values> {
  const kept = drafts.get(name) ?? ref(start());
  drafts.set(name, kept);
  return kept;
}

export function forgetDrafts(): void {
  drafts.clear();
}

export function forgetDraft(name: string): void {
  drafts.delete(name);
}
