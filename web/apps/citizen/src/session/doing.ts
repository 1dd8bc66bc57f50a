/** Something a screen has the server do: busy meanwhile, and what went wrong kept for the page to say. */
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { ApiProblem } from "@shoufa/api";

export interface Doing {
  busy: Ref<boolean>;
  problem: ShallowRef<ApiProblem | null>;
  /** Does it; answers with nothing when the server refused or was not there. */
  run: <T>(work: () => Promise<T>) => Promise<T | null>;
}

export function doing(): Doing {
  const busy = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  async function run<T>(work: () => Promise<T>): Promise<T | null> {
    busy.value = true;
    problem.value = null;
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      problem.value = cause;
      return null;
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, run };
}
