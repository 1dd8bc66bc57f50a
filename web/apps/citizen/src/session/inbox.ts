/** How many notices are unread: shown beside the tab, looked up when the app comes to the front. */
import { ref, watch } from "vue";
import { data } from "@shoufa/api";
import { api, isSignedIn } from "./session.ts";

export const unread = ref(0);

export async function countUnread(): Promise<void> {
  if (!isSignedIn.value) {
    unread.value = 0;
    return;
  }
  try {
    unread.value = (await data(api.GET("/api/v1/me/inbox", { params: { query: { limit: 1 } } }))).unread;
  } catch {
    // The number of before stands until the next look.
  }
}

watch(isSignedIn, () => void countUnread(), { immediate: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void countUnread();
});
