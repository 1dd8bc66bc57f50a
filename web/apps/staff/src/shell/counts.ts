/** The lists of the caller and how full they are, and whether the case that is open was changed. Asked for after each act and each change of
 *  room, and told by the server in between for as long as the token is good: an idle desk has to be signed out by the server. */
import { shallowRef } from "vue";
import { ApiProblem, data, type Schemas } from "@shoufa/api";
import { api, stage } from "../session/session.ts";
import { readEvents } from "./events.ts";

export const lists = shallowRef<Schemas["QueuesView"] | null>(null);
/** The case that is followed, as of the last change that the server told of. */
export const changed = shallowRef<Schemas["CaseChangedView"] | null>(null);

let asked = 0;

export async function countAgain(): Promise<void> {
  if (stage.value !== "in") return;
  const mine = ++asked;
  try {
    const came = await data(api.GET("/api/v1/staff/queues"));
    if (mine === asked) lists.value = came;
    void listen();
  } catch (cause) {
    if (!(cause instanceof ApiProblem)) throw cause;
  }
}

let listening: AbortController | null = null;
let followed: string | undefined;

/** The case that is open from now on; none when it was left. */
export function follow(receipt: string | undefined): void {
  if (receipt === followed) return;
  followed = receipt;
  changed.value = null;
  stopListening();
  // One case is often left for the next.
  setTimeout(() => void listen());
}

/** One connection at a time; when it ends, the next act of a person makes another. */
async function listen(): Promise<void> {
  if (listening !== null || stage.value !== "in") return;
  const mine = (listening = new AbortController());
  try {
    await readEvents(followed, mine.signal, (name, said) => {
      if (listening !== mine) return;
      if (name === "counts") lists.value = said as Schemas["QueuesView"];
      if (name === "case") changed.value = said as Schemas["CaseChangedView"];
    });
  } catch {
    // Cut off by us, the network or the server: what is asked for by hand goes on.
  } finally {
    if (listening === mine) listening = null;
  }
}

function stopListening(): void {
  listening?.abort();
  listening = null;
}

export function forgetCounts(): void {
  stopListening();
  lists.value = null;
}

/** How full, as the rail shows it. */
export function countOf(list: { count: number; or_more: boolean }): string {
  return list.or_more ? `${list.count}+` : String(list.count);
}
