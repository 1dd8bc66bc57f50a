/**
 * The one way to the server: a client typed by the OpenAPI document, problems as errors, and one refresh of the session at
 * a time. It knows nothing of screens; where the session is kept is the app's matter.
 */
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.ts";

export type { paths };

export type Schemas = components["schemas"];
export type Tokens = Schemas["TokensView"];

/** Where an app keeps its session. */
export interface SessionStore {
  read(): Tokens | null;
  /** What is kept now, where another window may have changed it; as `read` when absent. */
  readAgain?(): Tokens | null;
  keep(tokens: Tokens): void;
  forget(): void;
}

/** Why nothing was done: the server's code, or ours when there was no answer, or none that we can read. */
export type ProblemCode = Schemas["ProblemCode"] | "offline" | "unreadable";

/** The server did not do what was asked, or could not be reached. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly field: string | null;
  readonly requestId: string | null;

  constructor(problem: Partial<Omit<Schemas["ProblemView"], "code">> & { code: ProblemCode; status: number }) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.code = problem.code;
    this.status = problem.status;
    this.field = problem.field ?? null;
    this.requestId = problem.request_id ?? null;
  }

  /** Nothing is known of the answer: the same request may be sent again with the same key. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The answer's data, or the problem thrown. */
export async function data<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let given;
  try {
    given = await answer;
  } catch (cause) {
    throw offline(cause);
  }
  if (given.response.ok) return given.data as T;
  throw problemOf(given.error, given.response.status);
}

function offline(cause: unknown): ApiProblem {
  if (cause instanceof ApiProblem) return cause;
  return new ApiProblem({ code: "offline", status: 0 });
}

function problemOf(error: unknown, status: number): ApiProblem {
  if (typeof error === "object" && error !== null && "code" in error) {
    return new ApiProblem({ ...(error as Schemas["ProblemView"]), status });
  }
  return new ApiProblem({ code: "unreadable", status });
}

/** A client of the API at `baseUrl` (the page's own origin when empty). */
export function connect(store: SessionStore, baseUrl = "") {
  const refresh = oneAtATime((refused: string | null) => renew(store, baseUrl, refused));
  const client = createClient<paths>({ baseUrl, fetch: (request) => sendTwice(request, refresh) });
  client.use(signedIn(store, refresh));
  return client;
}

export type Client = ReturnType<typeof connect>;

/** Seconds before its end at which an access token is renewed rather than used. */
const MARGIN = 20;
const obtained = new WeakMap<Tokens, number>();

/** When the access token was given is not in the answer: the page remembers it. */
function isSpent(tokens: Tokens): boolean {
  const since = obtained.get(tokens);
  return since === undefined || Date.now() - since > (tokens.expires_in - MARGIN) * 1000;
}

/** Marks tokens as given just now, or at another instant. */
export function freshlyGiven(tokens: Tokens, at = Date.now()): Tokens {
  obtained.set(tokens, at);
  return tokens;
}

/** Renews the session; a token that the server refused is renewed however fresh it looks by the clock of this device. */
type Refresh = (refused: string | null) => Promise<Tokens | null>;

function signedIn(store: SessionStore, refresh: Refresh): Middleware {
  return {
    async onRequest({ request, schemaPath }) {
      if (schemaPath.startsWith("/api/v1/sessions") && request.method === "POST") return request;
      let tokens = store.read();
      if (tokens !== null && isSpent(tokens)) tokens = await refresh(null);
      if (tokens !== null) request.headers.set("Authorization", BEARER + tokens.access_token);
      return request;
    },
  };
}

const BEARER = "Bearer ";

/** Sends a request, and once more with a renewed session when the server does not know the token any more: the device's clock was put right, say. */
async function sendTwice(request: Request, refresh: Refresh): Promise<Response> {
  const refused = request.headers.get("Authorization")?.slice(BEARER.length);
  const again = refused ? request.clone() : null;
  const response = await fetch(request);
  if (!refused || !again || response.status !== 401) return response;
  const problem = (await response.clone().json().catch(() => null)) as { code?: string } | null;
  if (problem?.code !== "sign_in_required") return response;
  const tokens = await refresh(refused);
  if (tokens === null || tokens.access_token === refused) return response;
  again.headers.set("Authorization", BEARER + tokens.access_token);
  return fetch(again);
}

/** A refresh token is used once: one window renews, and the others take what it got. */
async function renew(store: SessionStore, baseUrl: string, refused: string | null): Promise<Tokens | null> {
  const work = () => renewAlone(store, baseUrl, refused);
  return "locks" in navigator ? await navigator.locks.request("session-renewal", work) : await work();
}

async function renewAlone(store: SessionStore, baseUrl: string, refused: string | null): Promise<Tokens | null> {
  const old = store.readAgain?.() ?? store.read();
  if (old === null || (!isSpent(old) && old.access_token !== refused)) return old;
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/api/v1/sessions/refresh`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh_token: old.refresh_token }),
    });
  } catch (cause) {
    throw offline(cause);
  }
  if (response.status === 401) {
    store.forget();
    return null;
  }
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response.status);
  const given = freshlyGiven((await response.json()) as Tokens);
  store.keep(given);
  return given;
}

function oneAtATime(work: Refresh): Refresh {
  let running: Promise<Tokens | null> | null = null;
  return (refused) => {
    running ??= work(refused).finally(() => {
      running = null;
    });
    return running;
  };
}
