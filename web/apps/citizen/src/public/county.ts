/** The county that this phone looks at first, as chosen in the list of public cases; the whole city without a choice. */
import { ref, watch } from "vue";

const KEY = "county";
export const county = ref<string | null>(localStorage.getItem(KEY));

watch(county, (code) => {
  if (code === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, code);
});
