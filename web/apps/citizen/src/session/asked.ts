/** One answer of the server for a screen: it is being read, it is there, or something went wrong and can be tried again. */
import { onMounted, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { ApiProblem } from "@shoufa/api";

export interface Asked<T> {
  answer: ShallowRef<T | null>;
  problem: ShallowRef<ApiProblem | null>;
  busy: Ref<boolean>;
  ask: () => Promise<void>;
}

export function asked<T>(question: () => Promise<T>): Asked<T> {
  const answer = shallowRef<T | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const busy = ref(false);
  async function ask(): Promise<void> {
    busy.value = true;
    try {
      answer.value = await question();
      problem.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause;
      problem.value = cause;
    } finally {
      busy.value = false;
    }
  }
  onMounted(ask);
  return { answer, problem, busy, ask };
}
