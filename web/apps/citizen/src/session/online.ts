/** Whether the browser believes that there is a network. A request may fail all the same. */
import { ref } from "vue";

export const isOnline = ref(navigator.onLine);
window.addEventListener("online", () => (isOnline.value = true));
window.addEventListener("offline", () => (isOnline.value = false));
