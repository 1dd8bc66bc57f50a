/** When what waits is sent: at the start, after signing in, when the signal is back, when the app comes to the front, and again after a failure. */
import { shallowRef, watch } from "vue";
import { ApiProblem, data } from "@shoufa/api";
import { sendPhoto } from "../photos/send.ts";
import { accountId, api } from "../session/session.ts";
import { sendReport, type Taker } from "./sending.ts";
import { allWaiting, keepWaiting, type Waiting } from "./store.ts";

/** Reports that are not with the server whole. */
export const waiting = shallowRef<Waiting[]>([]);

const LOCK = "shoufa-outbox";
const RETRY_MS = [2_000, 5_000, 15_000, 60_000];
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const server: Taker = {
  takeReport: (key, report) => data(api.POST("/api/v1/cases", { params: { header: { "Idempotency-Key": key } }, body: report })),
  takePhoto: sendPhoto,
};

export async function look(): Promise<void> {
  waiting.value = await allWaiting();
}

/** Sends everything that can be sent now; one window at a time does it. */
export async function sendAll(): Promise<void> {
  clearTimeout(timer);
  await look();
  const own = accountId.value;
  if (own === null || waiting.value.length === 0) return;
  await alone(() => sendOwn(own));
}

async function sendOwn(own: string): Promise<void> {
  await look();
  for (const report of waiting.value) {
    if (report.refused !== null || (report.accountId ?? own) !== own) continue;
    try {
      await sendReport({ ...report, accountId: own }, server, look);
      failures = 0;
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (problem.isPassing) {
        tryLater();
        break;
      }
      if (problem.status === 401) break;
      const now = (await allWaiting()).find((one) => one.id === report.id) ?? report;
      await keepWaiting({ ...now, refused: problem.message });
    }
  }
  await look();
}

function tryLater(): void {
  const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 60_000;
  failures += 1;
  timer = setTimeout(() => void sendAll(), pause * (0.75 + Math.random() / 2));
}

let running: Promise<void> = Promise.resolve();

/** One after the other in this window and, where the browser can, among all windows. */
function alone(work: () => Promise<void>): Promise<void> {
  const locked = async (): Promise<void> => {
    if ("locks" in navigator) await navigator.locks.request(LOCK, work);
    else await work();
  };
  running = running.then(locked, locked);
  return running;
}

export function keepSending(): void {
  watch(accountId, () => void sendAll());
  window.addEventListener("online", () => void sendAll());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sendAll();
  });
  void sendAll();
}
