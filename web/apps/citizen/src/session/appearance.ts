/** Dark and large type, as chosen on this phone; without a choice the system's. */
import { ref } from "vue";

export type Theme = "system" | "light" | "dark";
export const theme = ref<Theme>("system");
export const elder = ref(false);

export function setTheme(wanted: Theme): void {
  theme.value = wanted;
  if (wanted === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = wanted;
  localStorage.setItem("theme", wanted);
}

export function setElder(wanted: boolean): void {
  elder.value = wanted;
  document.documentElement.toggleAttribute("data-elder", wanted);
  localStorage.setItem("elder", String(wanted));
}

export function showAsBefore(): void {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") setTheme(kept);
  if (localStorage.getItem("elder") === "true") setElder(true);
}
