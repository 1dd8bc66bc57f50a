/** One connection on which the server tells what happens. It is made with the token that is there and ends with it; nothing here renews a
 *  token, so that an idle desk is still signed out by the server. */
import { api } from "../session/session.ts";

/** Reads events until the connection ends: their name, and what they say. */
export async function readEvents(receipt: string | undefined, stop: AbortSignal, tell: (name: string, said: unknown) => void): Promise<void> {
  const query = receipt === undefined ? {} : { case: receipt };
  const { data: body } = await api.GET("/api/v1/staff/events", { params: { query }, parseAs: "stream", signal: stop });
  if (!body) return;
  const reader = body.getReader();
  const letters = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (text + letters.decode(value, { stream: true })).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const [, name, said] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      if (name !== undefined && said !== undefined) tell(name, JSON.parse(said));
    }
  }
}
