/** The outbox: case first, photo by photo, and nothing twice, wherever it breaks off. */
import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { sendReport, type Taker } from "../src/outbox/sending.ts";
import { allWaiting, handOver, keepDraft, leftDraft, receiptOf, takeBack, type Draft } from "../src/outbox/store.ts";

const RECEIPT = { receipt_no: "LY-TEST-0001", outside_city: false, emergency_numbers: [], version: 1 };

/** Keeps what it is given by key and by hash, as the server does, and fails where it is told to. */
class FakeServer implements Taker {
  readonly cases = new Map<string, string>();
  readonly photos = new Set<string>();
  readonly log: string[] = [];
  failAt: string | null = null;

  async takeReport(key: string, report: { text: string }) {
    this.say(`case ${key}`);
    this.cases.set(key, report.text);
    return RECEIPT;
  }
  async takePhoto(sha256: string) {
    this.say(`photo ${sha256}`);
    this.photos.add(sha256);
  }
  private say(what: string): void {
    this.log.push(what);
    if (what === this.failAt) throw new Error("no network");
  }
}

function draft(id: string): Draft {
  const photos = ["a", "b", "c"].map((sha256) => ({ sha256, blob: new Blob([sha256]) }));
  return { id, report: { text: "路灯不亮" }, photos, changedAt: 1 };
}

const nothing = async () => undefined;

async function waitingOf(id: string) {
  const found = (await allWaiting()).find((one) => one.id === id);
  if (!found) throw new Error(`${id} does not wait`);
  return found;
}

test("a report goes out case first, then photo by photo, and leaves its receipt", async () => {
  const server = new FakeServer();
  await handOver(draft("one"), "me");
  await sendReport(await waitingOf("one"), server, nothing);
  expect(server.log).toEqual(["case one", "photo a", "photo b", "photo c"]);
  expect(await receiptOf("one")).toMatchObject({ receiptNo: "LY-TEST-0001" });
  expect(await allWaiting()).toEqual([]);
});

test("cut at the second photo it goes on there, and the case is not sent again", async () => {
  const server = new FakeServer();
  server.failAt = "photo b";
  await handOver(draft("two"), "me");
  await expect(sendReport(await waitingOf("two"), server, nothing)).rejects.toThrow("no network");
  expect(await receiptOf("two"), "the number is there at once").not.toBeNull();
  server.failAt = null;
  server.log.length = 0;
  await sendReport(await waitingOf("two"), server, nothing);
  expect(server.log).toEqual(["photo b", "photo c"]);
  expect([server.cases.size, server.photos.size]).toEqual([1, 3]);
});

test("when the answer to the case is lost, the same key is sent again", async () => {
  const server = new FakeServer();
  await handOver(draft("three"), "me");
  const lost: Taker = {
    takeReport: async (key, report) => {
      await server.takeReport(key, report);
      throw new Error("no network");
    },
    takePhoto: server.takePhoto.bind(server),
  };
  await expect(sendReport(await waitingOf("three"), lost, nothing)).rejects.toThrow();
  await sendReport(await waitingOf("three"), server, nothing);
  expect([...server.cases.keys()]).toEqual(["three"]);
});

test("a draft is in one place at a time, and what was refused becomes one again under another key", async () => {
  await keepDraft(draft("four"));
  expect((await leftDraft())?.id).toBe("four");
  await handOver(draft("four"), null);
  expect(await leftDraft()).toBeNull();
  await takeBack(await waitingOf("four"));
  const again = await leftDraft();
  expect(again?.report.text).toBe("路灯不亮");
  expect(again?.photos).toHaveLength(3);
  expect(again?.id).not.toBe("four");
});
