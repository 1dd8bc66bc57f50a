/**
 * In which order a report goes to the server, and what is remembered after each step: the case first, then photo by photo. A
 * report that is sent again is one case by its key; a photo that is sent again is one photo by its hash.
 */
import type { Schemas } from "@shoufa/api";
import { keepTaken, keepWaiting, type Receipt, type Waiting } from "./store.ts";

/** What sending needs of the server. */
export interface Taker {
  takeReport(key: string, report: Schemas["SubmitCaseRequest"]): Promise<Schemas["SubmittedCaseView"]>;
  takePhoto(sha256: string, blob: Blob): Promise<void>;
}

/** Sends what the server does not have yet of this report; `changed` hears of each step. */
export async function sendReport(waiting: Waiting, server: Taker, changed: () => Promise<void>): Promise<void> {
  let now = waiting;
  const remember = async (step: Partial<Waiting>): Promise<void> => {
    now = { ...now, ...step };
    await keepWaiting(now);
    await changed();
  };
  const receipt = now.receipt ?? receiptFor(await server.takeReport(now.id, now.report));
  if (now.receipt === null) await remember({ receipt });
  for (const { sha256, blob } of now.photos) {
    if (now.sent.includes(sha256)) continue;
    await server.takePhoto(sha256, blob);
    await remember({ sent: [...now.sent, sha256] });
  }
  await keepTaken(now.id, receipt);
  await changed();
}

function receiptFor(taken: Schemas["SubmittedCaseView"]): Receipt {
  return {
    receiptNo: taken.receipt_no,
    recipient: taken.recipient?.name ?? null,
    dueAt: taken.due_at ?? null,
    advice: taken.emergency_advice ?? null,
    numbers: taken.emergency_numbers,
  };
}
