import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A process to start. */
export interface ProcessOptions {
  readonly name: string;
  /** Node script. */
  readonly script: string;
  /** Its whole environment, beside `PATH`, `HOME` and those of `TMPDIR`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node itself. */
  readonly execArgv?: readonly string[];
  /** File for what it prints. */
  readonly log: string;
  /** Resolves with true once it can be used. */
  readonly ready: () => Promise<boolean>;
}

/** A running process; closing stops it in good order. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it printed last. */
  lastWords(): Promise<string>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** Starts a Node process and waits until it can be used. */
export async function startProcess({ name, script, env = {}, execArgv = [], log, ready }: ProcessOptions): Promise<RunningProcess> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const child = spawn(process.execPath, [...execArgv, script], {
    env: { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  let ended: string | undefined;
  // However this process ends, it leaves nobody behind.
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal ?? `code ${code}`;
      process.off('exit', abandon);
      resolve();
    });
  });
  const lastWords = async (): Promise<string> => (await readFile(log, 'utf8')).slice(-3_000);
  const running: RunningProcess = {
    pid: child.pid as number,
    lastWords,
    async [Symbol.asyncDispose]() {
      if (ended === undefined) child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await exited;
      clearTimeout(force);
      out.end();
    },
  };

  const until = Date.now() + READY_WITHIN_MS;
  while (!(await ready().catch(() => false))) {
    if (ended === undefined && Date.now() < until) {
      await delay(LOOK_EVERY_MS);
      continue;
    }
    await running[Symbol.asyncDispose]();
    throw new Error(`${name} did not start (${ended ?? 'it is not ready'}). It wrote:\n${await lastWords()}`);
  }
  return running;
}

/** Whether an address answers a GET with a success. */
export async function answers(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
}
