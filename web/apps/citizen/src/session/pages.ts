/** A list that goes on: pages asked for one after the other, by the cursor of the page before. */
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { ApiProblem } from "@shoufa/api";

interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Pages<T> {
  items: ShallowRef<T[]>;
  /** Whether there is more. */
  next: Ref<string | null>;
  busy: Ref<boolean>;
  problem: ShallowRef<ApiProblem | null>;
  /** Reads the first page again. */
  again: () => Promise<void>;
  /** Reads the following page. */
  more: () => Promise<void>;
}

export function pages<T>(question: (after: string | null) => Promise<Page<T>>): Pages<T> {
  const items = shallowRef<T[]>([]);
  const next = ref<string | null>(null);
  const busy = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  let turn = 0;

  async function read(after: string | null): Promise<void> {
    const own = ++turn;
    busy.value = true;
    try {
      const page = await question(after);
      if (own !== turn) return;
      items.value = after === null ? page.items : [...items.value, ...page.items];
      next.value = page.next ?? null;
      problem.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      if (own === turn) problem.value = cause;
    } finally {
      if (own === turn) busy.value = false;
    }
  }
  return { items, next, busy, problem, again: () => read(null), more: () => read(next.value) };
}
