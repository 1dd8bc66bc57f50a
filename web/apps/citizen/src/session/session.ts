/** Who is signed in on this phone. Browsing needs nobody; the session is kept between visits and gone after signing out. */
import { computed, shallowRef } from "vue";
import { ApiProblem, connect, data, freshlyGiven, type Schemas, type Tokens } from "@shoufa/api";

const KEY = "session";

/** The tokens with the instant at which they were given: so a page that is opened again need not renew them at once. */
interface KeptSession {
  tokens: Tokens;
  at: number;
}

function kept(): Tokens | null {
  try {
    const session = JSON.parse(localStorage.getItem(KEY) ?? "null") as KeptSession | null;
    return session && freshlyGiven(session.tokens, session.at);
  } catch {
    return null;
  }
}

const tokens = shallowRef<Tokens | null>(kept());

export const api = connect({ read: () => tokens.value, readAgain, keep: keepTokens, forget });

export const isSignedIn = computed(() => tokens.value !== null);
/** Whose session it is; none when nobody is signed in. */
export const accountId = computed(() => tokens.value?.account_id ?? null);

function readAgain(): Tokens | null {
  tokens.value = kept();
  return tokens.value;
}

function keepTokens(given: Tokens): void {
  tokens.value = given;
  const session: KeptSession = { tokens: given, at: Date.now() };
  localStorage.setItem(KEY, JSON.stringify(session));
}

export function forget(): void {
  tokens.value = null;
  localStorage.removeItem(KEY);
}

/** Another window of the app signed in or out. */
window.addEventListener("storage", (event) => {
  if (event.key === KEY) tokens.value = kept();
});

/** Has a code sent to the number; answers in how many seconds another one can be asked for. */
export async function askForCode(phone: string, purpose: Schemas["CodePurpose"] = "sign_in"): Promise<number> {
  const sent = await data(api.POST("/api/v1/accounts/codes", { body: { phone, purpose } }));
  return sent.ask_again_in;
}

/** A number that proves itself by its code has an account, now or since before. */
export async function proveNumber(phone: string, code: string): Promise<void> {
  const body = { phone, code, device_name: deviceName() };
  keepTokens(freshlyGiven(await data(api.POST("/api/v1/accounts", { body }))));
}

/** What the list of devices calls this one. */
function deviceName(): string {
  const known = ["Android", "HarmonyOS", "iPhone", "iPad", "Windows", "Macintosh", "Linux"];
  return known.find((name) => navigator.userAgent.includes(name)) ?? "";
}

/** A mobile number of the mainland as people type it: digits, with or without spaces. */
export function asMobile(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, "").replace(/^\+?86(?=1)/, "");
  return /^1[3-9]\d{9}$/.test(digits) ? digits : null;
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
