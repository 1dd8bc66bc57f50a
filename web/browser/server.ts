/**
 * Starts the program with an invented city in a folder of its own and serves the pages that were built last. Where a program is
 * running already, `SHOUFA_BASE` and `SHOUFA_LOG` name it and the file that it prints codes to.
 */
import { spawn } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = process.env["SHOUFA_PROGRAM"] ?? resolve(import.meta.dirname, "../../target/debug/shoufa");
const READY_MS = 60_000;

export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["SHOUFA_BASE"]) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "shoufa-pages-"));
  const log = join(folder, "log");
  const port = await freePort();
  const out = await open(log, "w");
  const program = spawn(PROGRAM, ["serve", "--demo"], {
    env: { PATH: process.env["PATH"], SHOUFA_DATA: join(folder, "data"), SHOUFA_LISTEN: `127.0.0.1:${port}` },
    stdio: ["ignore", out.fd, out.fd],
  });
  process.env["SHOUFA_BASE"] = `http://127.0.0.1:${port}`;
  process.env["SHOUFA_LOG"] = log;
  await ready(`http://127.0.0.1:${port}/readyz`);
  return async () => {
    program.kill("SIGTERM");
    await new Promise((ended) => program.once("exit", ended));
    await out.close();
    await rm(folder, { recursive: true });
  };
}

async function ready(address: string): Promise<void> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    await new Promise((later) => setTimeout(later, 200));
  }
  throw new Error(`the program did not answer at ${address}`);
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => found(port));
    });
  });
}
