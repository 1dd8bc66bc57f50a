/** What is written down on the phone before anything is sent: the draft, reports that wait for the signal, and their receipts. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Schemas } from "@shoufa/api";

/** A photo as it will be sent: shrunk, turned, without metadata. */
export interface KeptPhoto {
  sha256: string;
  blob: Blob;
}

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
  receiptNo: string | null;
  /** Hashes of photos that the server has. */
  sent: string[];
  /** The server's refusal in words, when it cannot be sent as it is. */
  refused: string | null;
}

/** What the server answered to a report: kept after the outbox forgot the report. */
export interface Receipt {
  /** The report's own id. */
  id: string;
  receiptNo: string;
  recipient: string | null;
  dueAt: string | null;
  advice: string | null;
  numbers: string[];
}

interface Kept extends DBSchema {
  drafts: { key: string; value: Draft };
  outbox: { key: string; value: Waiting };
  receipts: { key: string; value: Receipt };
}

let opened: Promise<IDBPDatabase<Kept>> | null = null;

export function storage(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("shoufa", 1, {
    upgrade(database) {
      database.createObjectStore("drafts", { keyPath: "id" });
      database.createObjectStore("outbox", { keyPath: "id" });
      database.createObjectStore("receipts", { keyPath: "id" });
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

/** The draft that was left, if one was. */
export async function leftDraft(): Promise<Draft | null> {
  const drafts = await (await storage()).getAll("drafts");
  return drafts.sort((one, other) => other.changedAt - one.changedAt)[0] ?? null;
}

export async function keepDraft(draft: Draft): Promise<void> {
  await (await storage()).put("drafts", { ...draft, changedAt: Date.now() });
}

export async function dropDraft(id: string): Promise<void> {
  await (await storage()).delete("drafts", id);
}

/** Moves a draft among those that wait, in one transaction: it is in one place or in the other, never in none. */
export async function handOver(draft: Draft, accountId: string | null): Promise<Waiting> {
  const waiting: Waiting = { ...draft, accountId, receiptNo: null, sent: [], refused: null };
  const move = (await storage()).transaction(["drafts", "outbox"], "readwrite");
  await Promise.all([move.objectStore("outbox").put(waiting), move.objectStore("drafts").delete(draft.id), move.done]);
  return waiting;
}

/**
 * Makes a draft again of what the server refused, to be changed. It gets another id: under the old one the server would
 * answer as before.
 */
export async function takeBack(waiting: Waiting): Promise<void> {
  const { report, photos } = waiting;
  const draft: Draft = { id: crypto.randomUUID(), report, photos, changedAt: Date.now() };
  const move = (await storage()).transaction(["drafts", "outbox"], "readwrite");
  await Promise.all([move.objectStore("drafts").put(draft), move.objectStore("outbox").delete(waiting.id), move.done]);
}

export async function allWaiting(): Promise<Waiting[]> {
  return (await storage()).getAll("outbox");
}

export async function keepWaiting(waiting: Waiting): Promise<void> {
  await (await storage()).put("outbox", waiting);
}

export async function dropWaiting(id: string): Promise<void> {
  await (await storage()).delete("outbox", id);
}

export async function keepReceipt(receipt: Receipt): Promise<void> {
  await (await storage()).put("receipts", receipt);
}

export async function receiptOf(id: string): Promise<Receipt | null> {
  return (await (await storage()).get("receipts", id)) ?? null;
}
