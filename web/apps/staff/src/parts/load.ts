/** Asking the server from a screen: what came, what went wrong, and asking again. An answer that was overtaken is dropped. */
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { ApiProblem } from "@shoufa/api";

export interface Loaded<T> {
  data: ShallowRef<T | null>;
  problem: ShallowRef<ApiProblem | null>;
  busy: Ref<boolean>;
  load: () => Promise<void>;
}

export function useLoad<T>(ask: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const busy = ref(false);
  let asked = 0;
  async function load(): Promise<void> {
    const mine = ++asked;
    busy.value = true;
    try {
      const came = await ask();
      if (mine !== asked) return;
      data.value = came;
      problem.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      if (mine === asked) problem.value = cause;
    } finally {
      if (mine === asked) busy.value = false;
    }
  }
  return { data, problem, busy, load };
}

interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Pages<T> {
  items: ShallowRef<T[] | null>;
  /** Whether the list goes on: a page may be short, or empty, and still have more behind it. */
  more: Ref<boolean>;
  problem: ShallowRef<ApiProblem | null>;
  busy: Ref<boolean>;
  load: () => Promise<void>;
  loadMore: () => Promise<void>;
}

/** A list that goes on from a cursor. */
export function usePages<T>(ask: (after: string | undefined) => Promise<Page<T>>): Pages<T> {
  const items = shallowRef<T[] | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const busy = ref(false);
  const more = ref(false);
  let next: string | undefined;
  let asked = 0;
  async function read(after: string | undefined): Promise<void> {
    const mine = ++asked;
    busy.value = true;
    try {
      const page = await ask(after);
      if (mine !== asked) return;
      items.value = after === undefined ? page.items : [...(items.value ?? []), ...page.items];
      next = page.next ?? undefined;
      more.value = next !== undefined;
      problem.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      if (mine === asked) problem.value = cause;
    } finally {
      if (mine === asked) busy.value = false;
    }
  }
  return {
    items,
    more,
    problem,
    busy,
    load: () => read(undefined),
    loadMore: async () => {
      if (more.value && !busy.value) await read(next);
    },
  };
}

/** Runs one write: what went wrong is kept for the note beside the button. Answers whether it was done. */
export function useWrite(): { problem: ShallowRef<ApiProblem | null>; busy: Ref<boolean>; write: (work: () => Promise<unknown>) => Promise<boolean> } {
  const problem = shallowRef<ApiProblem | null>(null);
  const busy = ref(false);
  async function write(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await work();
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      problem.value = cause;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { problem, busy, write };
}
