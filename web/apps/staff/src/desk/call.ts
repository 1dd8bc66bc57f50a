/** The call that is being taken. It outlives the page's rooms: looking something up, or being signed out, loses no word of it. */
import { reactive } from "vue";

const blank = () => ({
  phone: "",
  text: "",
  summary: "",
  region: [] as string[],
  spot: "",
  home: false,
  kind: "",
  category: [] as string[],
  visibility: "",
  explained: false,
  publication: false,
  unit: [] as string[],
  answers: {} as Record<string, string>,
});

export const call = reactive(blank());

export function hangUp(): void {
  Object.assign(call, blank());
}
