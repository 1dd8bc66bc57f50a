/**
 * Sends what waits: the case first, then photo by photo, each remembered as soon as the server has it. A report that was sent
 * twice is one case by its key; a photo that was sent twice is one photo by its hash.
 */
import { ref } from "vue";
import { ApiProblem, data } from "@shoufa/api";
import { api, isSignedIn } from "../session/session.ts";
import { keepReceipt } from "./receipts.ts";
import { storage, type Waiting } from "./store.ts";

/** Reports that are not with the server whole. */
export const waiting = ref<Waiting[]>([]);

const LOCK = "shoufa-outbox";
const RETRY_MS = [2_000, 5_000, 15_000, 60_000];
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export async function look(): Promise<void> {
  waiting.value = await (await storage()).getAll("outbox");
}

/** Sends everything that can be sent now; one window at a time does it. */
export async function sendAll(): Promise<void> {
  clearTimeout(timer);
  if (!isSignedIn.value) return look();
  await navigator.locks.request(LOCK, async () => {
    await look();
    for (const report of waiting.value.filter((report) => report.refused === null)) {
      try {
        await sendOne(report);
        failures = 0;
      } catch (problem) {
        if (!(problem instanceof ApiProblem)) throw problem;
        if (problem.isPassing) {
          tryLater();
          break;
        }
        if (problem.status !== 401) await keep({ ...report, refused: problem.message });
      }
    }
    await look();
  });
}

function tryLater(): void {
  const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 60_000;
  failures += 1;
  timer = setTimeout(() => void sendAll(), pause * (0.75 + Math.random() / 2));
}

async function sendOne(report: Waiting): Promise<void> {
  let now = report;
  if (now.receiptNo === null) {
    const headers = { "Idempotency-Key": report.id };
    const given = await data(api.POST("/api/v1/cases", { params: { header: headers }, body: report.report }));
    await keepReceipt(now.id, given.receipt_no);
    now = await keep({ ...now, receiptNo: given.receipt_no });
  }
  for (const photo of now.photos.filter((photo) => !now.sent.includes(photo.sha256))) {
    await sendPhoto(photo.sha256, photo.blob);
    now = await keep({ ...now, sent: [...now.sent, photo.sha256] });
  }
  await (await storage()).delete("outbox", now.id);
}

async function sendPhoto(sha256: string, blob: Blob): Promise<void> {
  await data(
    api.POST("/api/v1/photos", {
      params: { query: { sha256 } },
      headers: { "Content-Type": "image/jpeg" },
      body: blob as never,
      bodySerializer: (body) => body as never,
    }),
  );
}

async function keep(report: Waiting): Promise<Waiting> {
  await (await storage()).put("outbox", report);
  return report;
}

/** Sends by itself when the app starts, when the signal is back and when the app comes to the front. */
export function keepSending(): void {
  window.addEventListener("online", () => void sendAll());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sendAll();
  });
  void sendAll();
}
