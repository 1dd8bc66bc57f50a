/** A refusal in one sentence for a person. */
import { ApiProblem } from "@shoufa/api";
import { fill, words } from "../words/index.ts";

export function told(problem: ApiProblem): string {
  const say = words.value.problem;
  if (problem.code === "offline") return say.offline;
  if (problem.status === 401 && problem.code !== "sign_in_failed") return say.signedOut;
  if (problem.status === 404) return say.gone;
  if (problem.status >= 500) return say.passing;
  return fill(say.wrong, { why: problem.message });
}
