/** Who is signed in at this desk. One session for all windows of the console; it ends by itself when nobody works. */
import { computed, shallowRef } from "vue";
import { ApiProblem, connect, data, freshlyGiven, type Schemas, type Tokens } from "@shoufa/api";

const KEY = "staff.session";
const DEVICE = "staff.device";

/** The tokens with the instant at which they were given: a page that is opened again need not renew them. */
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

/** The client; it reads the session anew for each request, since another window may have renewed it. */
export const api = connect({ read: kept, keep, forget });

export type Account = Schemas["StaffAccountView"];
/** The account of the session, once asked for. */
export const account = shallowRef<Account | null>(null);

/** What the session opens: nothing, the door to a password or second factor of one's own, or the rooms. */
export type Stage = "out" | "password" | "second-factor" | "in";
export const stage = computed<Stage>(() => {
  if (tokens.value === null) return "out";
  if (tokens.value.must_change_password) return "password";
  if (tokens.value.must_enrol_second_factor === true) return "second-factor";
  return "in";
});

function keep(given: Tokens, at = Date.now()): void {
  if (given.device_token) localStorage.setItem(DEVICE, given.device_token);
  const session: KeptSession = { tokens: given, at };
  localStorage.setItem(KEY, JSON.stringify(session));
  tokens.value = given;
}

function forget(): void {
  localStorage.removeItem(KEY);
  tokens.value = null;
  account.value = null;
}

/** Another window signed in or out. */
window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  const now = kept();
  if (now?.account_id !== tokens.value?.account_id) account.value = null;
  tokens.value = now;
});

/** The server closed the door meanwhile: the page goes to it, and what was typed into forms waits behind it. */
const SHUT: ReadonlySet<string> = new Set(["sign_in_required", "session_ended"]);
api.use({
  async onResponse({ response, schemaPath }) {
    if (response.status !== 401 || schemaPath.startsWith("/api/v1/staff/sessions")) return;
    const problem = (await response.clone().json().catch(() => null)) as { code?: string } | null;
    if (problem?.code !== undefined && SHUT.has(problem.code)) forget();
  },
});

export type Challenge = Schemas["ChallengeView"];

/** The first step. Answers the challenge when a second factor is asked for. */
export async function signIn(username: string, password: string): Promise<Challenge | null> {
  const device_token = localStorage.getItem(DEVICE);
  const given = await data(
    api.POST("/api/v1/staff/sessions", { body: { username, password, ...(device_token === null ? {} : { device_token }) } }),
  );
  if ("challenge" in given) return given;
  keep(given);
  return null;
}

/** The second step, with the six digits or one of the recovery codes. */
export async function finishSignIn(challenge: string, code: string): Promise<void> {
  const proof = /^\d{6}$/.test(code) ? { code } : { recovery_code: code };
  keep(await data(api.POST("/api/v1/staff/sessions/second-step", { body: { challenge, ...proof } })));
}

/** Has the next request renew the session, which then says what is open now. */
export async function renew(): Promise<void> {
  const now = kept();
  if (now !== null) keep(now, 0);
  await data(api.GET("/api/v1/sessions"));
}

export async function loadAccount(): Promise<void> {
  if (stage.value === "in" && account.value === null) account.value = await data(api.GET("/api/v1/staff/me"));
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

/** Whether one of the roles in force is among these: for what the rail shows. What may be done the server alone decides. */
export function works(...roles: Schemas["Role"][]): boolean {
  return account.value?.grants.some((grant) => roles.includes(grant.role)) ?? false;
}

/** A key under which a write is done once, however often it is sent. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
