/**
 * Starts the program with an invented city in a folder of its own and serves the pages that were built last. Where a program is
 * running already, `SHOUFA_BASE` and `SHOUFA_LOG` name it and the file that it prints codes to. With `BROWSER_DATABASE=postgres` each
 * program has a database of its own beside the one that `SHOUFA_TEST_DATABASE_URL` names; `psql` makes and removes it.
 */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const PROGRAM = process.env["SHOUFA_PROGRAM"] ?? resolve(import.meta.dirname, "../../target/debug/shoufa");
/** The invented city is made at the first start, which takes its time on a busy machine. */
const READY_MS = 180_000;
/** What the program reads from the environment of the tests. */
const PASSED = ["PATH", "WEB_ROOT", "DATABASE_URL"] as const;

export interface Program {
  base: string;
  /** File with what it prints, codes among it. */
  log: string;
  /** Sets its clock so many minutes ahead of the machine's; it never goes back. */
  goAhead: (minutes: number) => Promise<void>;
  stop: () => Promise<void>;
}

export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["SHOUFA_BASE"]) return undefined;
  const program = await startProgram();
  process.env["SHOUFA_BASE"] = program.base;
  process.env["SHOUFA_LOG"] = program.log;
  return program.stop;
}

/** A program with a city of its own. */
export async function startProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "shoufa-pages-"));
  const log = join(folder, "log");
  const ahead = join(folder, "ahead");
  const base = `http://127.0.0.1:${await freePort()}`;
  const database = process.env["BROWSER_DATABASE"] === "postgres" ? await ownDatabase() : undefined;
  const out = await open(log, "w");
  const program = spawn(PROGRAM, ["serve", "--demo"], {
    env: {
      ...Object.fromEntries(PASSED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
      ...(database && { DATABASE_URL: database.address }),
      SHOUFA_DATA: join(folder, "data"),
      SHOUFA_LISTEN: new URL(base).host,
      SHOUFA_DEMO_CLOCK: ahead,
    },
    stdio: ["ignore", out.fd, out.fd],
  });
  const ended = new Promise<number | null>((tell) => program.once("exit", tell));
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
    await out.close();
    await database?.remove();
    await rm(folder, { recursive: true });
  };
  try {
    await ready(`${base}/readyz`, ended);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { base, log, goAhead: (minutes) => writeFile(ahead, String(minutes)), stop };
}

async function ownDatabase(): Promise<{ address: string; remove: () => Promise<void> }> {
  const beside = process.env["SHOUFA_TEST_DATABASE_URL"];
  if (!beside) throw new Error("BROWSER_DATABASE=postgres needs SHOUFA_TEST_DATABASE_URL");
  const name = `pages_${process.pid}_${Date.now()}`;
  const say = (command: string) => promisify(execFile)("psql", ["--quiet", "--no-psqlrc", `--command=${command}`, beside]);
  await say(`CREATE DATABASE ${name}`);
  const address = new URL(beside);
  address.pathname = `/${name}`;
  return { address: address.href, remove: async () => void (await say(`DROP DATABASE ${name}`)) };
}

async function ready(address: string, ended: Promise<number | null>): Promise<void> {
  let code: number | null | undefined;
  void ended.then((left) => (code = left));
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if (code !== undefined) throw new Error(`the program ended with ${code} before it answered at ${address}`);
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
