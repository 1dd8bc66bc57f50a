/** Keys under which a write is done once: the same content goes under the same key until it was done; what was changed is another request. */
import { newKey } from "./session.ts";

export interface Once {
  /** The key for this content. */
  keyOf(content: unknown): string;
  /** It was done: the same content would be another request. */
  done(): void;
}

export function once(): Once {
  let sent: { content: string; key: string } | null = null;
  return {
    keyOf(content) {
      const written = JSON.stringify(content);
      if (sent?.content !== written) sent = { content: written, key: newKey() };
      return sent.key;
    },
    done() {
      sent = null;
    },
  };
}
