/**
 * What is written down on the phone before anything is sent. A report is one record all its life: a draft, then waiting for
 * the signal, then taken. So it moves on in one write, and is in no moment in two places or in none.
 */
import { createStore, del, get, set, values } from "idb-keyval";
import type { Schemas } from "@shoufa/api";

/** A photo as it will be sent: shrunk, turned, without metadata. */
export interface KeptPhoto {
  sha256: string;
  blob: Blob;
}

/** What was written. */
export interface Draft {
  /** The submit's idempotency key: the same report is never taken twice. */
  id: string;
  report: Schemas["SubmitCaseRequest"];
  photos: KeptPhoto[];
  changedAt: number;
}

/** A report that was handed over for sending. */
export interface Waiting extends Draft {
  /** Whose report it is; none until somebody on this phone proves a number. */
  accountId: string | null;
  /** Once the server has the case. */
  receipt: Receipt | null;
  /** Hashes of photos that the server has. */
  sent: string[];
  /** The server's refusal in words, when it cannot be sent as it is. */
  refused: string | null;
}

/** What the server answered to a report. */
export interface Receipt {
  receiptNo: string;
  recipient: string | null;
  dueAt: string | null;
  advice: string | null;
  numbers: string[];
}

type Kept = ({ stage: "draft" } & Draft) | ({ stage: "waiting" } & Waiting) | { stage: "taken"; id: string; receipt: Receipt };

const reports = createStore("shoufa", "reports");

const all = () => values<Kept>(reports);

/** The draft that was left last, if one was. */
export async function leftDraft(): Promise<Draft | null> {
  const drafts = (await all()).filter((one) => one.stage === "draft");
  return drafts.sort((one, other) => other.changedAt - one.changedAt)[0] ?? null;
}

export async function keepDraft(draft: Draft): Promise<void> {
  await set(draft.id, { ...draft, stage: "draft", changedAt: Date.now() } satisfies Kept, reports);
}

export async function dropDraft(id: string): Promise<void> {
  await del(id, reports);
}

/** Hands a draft over for sending. */
export async function handOver(draft: Draft, accountId: string | null): Promise<void> {
  await keepWaiting({ ...draft, accountId, receipt: null, sent: [], refused: null });
}

export async function keepWaiting(waiting: Waiting): Promise<void> {
  await set(waiting.id, { ...waiting, stage: "waiting" } satisfies Kept, reports);
}

export async function allWaiting(): Promise<Waiting[]> {
  return (await all()).filter((one) => one.stage === "waiting");
}

/** The server has all of it: what is left is the receipt. */
export async function keepTaken(id: string, receipt: Receipt): Promise<void> {
  await set(id, { stage: "taken", id, receipt } satisfies Kept, reports);
}

export async function receiptOf(id: string): Promise<Receipt | null> {
  const kept = await get<Kept>(id, reports);
  return kept === undefined || kept.stage === "draft" ? null : kept.receipt;
}

/**
 * Makes a draft again of what the server refused, to be changed. It gets another id: under the old one the server would
 * answer as before.
 */
export async function takeBack({ id, report, photos }: Waiting): Promise<void> {
  await keepDraft({ id: crypto.randomUUID(), report, photos, changedAt: Date.now() });
  await del(id, reports);
}
