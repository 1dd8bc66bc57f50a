/** Another person sits down at the desk: what the one before had typed and counted is gone. */
import { forgetDrafts } from "../cases/drafts.ts";
import { hangUp } from "../desk/call.ts";
import { forgetCounts } from "./counts.ts";

let sitting: string | null = null;

export function sitDown(account: string): void {
  if (sitting !== null && sitting !== account) {
    forgetCounts();
    forgetDrafts();
    hangUp();
  }
  sitting = account;
}
