/** The lists of the caller and how full they are. Asked for after each act and each change of room, never by the clock: an idle desk
 *  has to be signed out by the server. */
import { shallowRef } from "vue";
import { ApiProblem, data, type Schemas } from "@shoufa/api";
import { api, stage } from "../session/session.ts";

export const lists = shallowRef<Schemas["QueuesView"] | null>(null);

let asked = 0;

export async function countAgain(): Promise<void> {
  if (stage.value !== "in") return;
  const mine = ++asked;
  try {
    const came = await data(api.GET("/api/v1/staff/queues"));
    if (mine === asked) lists.value = came;
  } catch (cause) {
    if (!(cause instanceof ApiProblem)) throw cause;
  }
}

export function forgetCounts(): void {
  lists.value = null;
}

/** How full, as the rail shows it. */
export function countOf(list: { count: number; or_more: boolean }): string {
  return list.or_more ? `${list.count}+` : String(list.count);
}
