/** Keys of a room: they work where nothing is being typed and no question stands over the page. */
import { onBeforeUnmount, onMounted } from "vue";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, dialog, [role=combobox], [contenteditable=true]") !== null;
}

export function useKeys(keys: () => Keys): void {
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const act = keys()[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(event);
  }
  onMounted(() => window.addEventListener("keydown", onKey));
  onBeforeUnmount(() => window.removeEventListener("keydown", onKey));
}
