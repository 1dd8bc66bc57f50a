/** Who is signed in on this phone. Browsing needs nobody; the session is kept between visits and gone after signing out. */
import { computed, shallowRef } from "vue";
import { ApiProblem, connect, data, freshlyGiven, type Tokens } from "@shoufa/api";

const KEY = "session";

function kept(): Tokens | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null") as Tokens | null;
  } catch {
    return null;
  }
}

const tokens = shallowRef<Tokens | null>(kept());

export const api = connect({
  read: () => tokens.value,
  keep: keepTokens,
  forget,
});

export const isSignedIn = computed(() => tokens.value !== null);

function keepTokens(given: Tokens): void {
  tokens.value = given;
  localStorage.setItem(KEY, JSON.stringify(given));
}

function forget(): void {
  tokens.value = null;
  localStorage.removeItem(KEY);
}

/** Another window of the app signed in or out. */
window.addEventListener("storage", (event) => {
  if (event.key === KEY) tokens.value = kept();
});

/** Has a code sent to the number; answers in how many seconds another one can be asked for. */
export async function askForCode(phone: string): Promise<number> {
  const sent = await data(api.POST("/api/v1/accounts/codes", { body: { phone } }));
  return sent.ask_again_in;
}

/** A number that proves itself by its code has an account, now or since before. */
export async function proveNumber(phone: string, code: string): Promise<void> {
  keepTokens(freshlyGiven(await data(api.POST("/api/v1/accounts", { body: { phone, code } }))));
}

export async function signOut(): Promise<void> {
  try {
    await data(api.DELETE("/api/v1/sessions/current"));
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem;
  } finally {
    forget();
  }
}
