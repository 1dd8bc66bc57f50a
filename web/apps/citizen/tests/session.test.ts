/** A session that the server does not take any more is renewed, and what was asked is asked once more. */
import { afterEach, expect, test, vi } from "vitest";
import { connect, data, freshlyGiven, type SessionStore, type Tokens } from "@shoufa/api";

const BASE = "http://shoufa.test";
const given = (access: string) => freshlyGiven({ access_token: access, refresh_token: `r-${access}`, expires_in: 900 } as Tokens);
const json = (status: number, body: object) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

afterEach(() => vi.unstubAllGlobals());

function session(tokens: Tokens | null): SessionStore & { now: () => Tokens | null } {
  return { read: () => tokens, keep: (fresh) => (tokens = fresh), forget: () => (tokens = null), now: () => tokens };
}

/** A server that takes one token, and gives it for a refresh token that is still good. */
function server(taken: string, isRenewed: boolean) {
  const asked: string[] = [];
  // A browser without locks between windows.
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const token = request.headers.get("Authorization") ?? "";
    asked.push(`${new URL(request.url).pathname} ${token}`.trim());
    if (request.url.endsWith("/sessions/refresh")) return isRenewed ? json(200, { access_token: taken, refresh_token: "r-2", expires_in: 900 }) : json(401, { code: "session_ended" });
    return token === `Bearer ${taken}` ? json(200, { items: [await request.text()] }) : json(401, { code: "sign_in_required" });
  });
  return asked;
}

const follow = (store: SessionStore) => data(connect(store, BASE).POST("/api/v1/cases/preview", { body: { text: "路灯不亮" } }));

test("a token that the server refuses although it looks fresh is renewed once, and the same is sent again", async () => {
  const asked = server("new", true);
  const store = session(given("old"));
  expect(await follow(store)).toEqual({ items: ['{"text":"路灯不亮"}'] });
  expect(asked).toEqual(["/api/v1/cases/preview Bearer old", "/api/v1/sessions/refresh", "/api/v1/cases/preview Bearer new"]);
  expect(store.now()?.access_token).toBe("new");
});

test("a session that cannot be renewed is forgotten, and nothing is asked for ever", async () => {
  const asked = server("new", false);
  const store = session(given("old"));
  await expect(follow(store)).rejects.toMatchObject({ status: 401 });
  expect(asked).toEqual(["/api/v1/cases/preview Bearer old", "/api/v1/sessions/refresh"]);
  expect(store.now()).toBeNull();
});
