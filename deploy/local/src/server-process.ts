import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** How to start a server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The user to run as, when this process is root and the server refuses to be. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly cwd?: string;
  /** Signal that asks the server to stop in good order. */
  readonly stopSignal: NodeJS.Signals;
}

/** A running server of another program. */
export interface ServerProcess {
  readonly pid: number;
  /** The end of what it wrote, for error messages. */
  readonly lastOutput: string;
  /** Whether it has ended. */
  readonly ended: boolean;
  /** Asks it to stop, and waits; after 20 s it is killed. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL, as a crash would, and waits until it is gone. */
  kill9(): Promise<void>;
}

const STOP_WITHIN_MS = 20_000;
const KEPT_OUTPUT = 8_000;

/**
 * Starts a server in a session of its own, so that Ctrl-C in a terminal reaches only us and we stop it when nobody needs it any more.
 * Should this process be killed, the server is killed too.
 */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command.command, command.args, {
    ...command.user,
    cwd: command.cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lastOutput = '';
  const keep = (chunk: Buffer) => {
    lastOutput = (lastOutput + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ending = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  const guard = guardAgainstOrphans(pid);
  let ended = false;
  void ending.then(() => {
    ended = true;
    guard?.kill('SIGKILL');
  });

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!ended) child.kill(signal);
    const patience = new AbortController();
    await Promise.race([ending, delay(STOP_WITHIN_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
    if (!ended) {
      child.kill('SIGKILL');
      await ending;
    }
  }

  return {
    pid,
    get lastOutput() {
      return lastOutput.trim();
    },
    get ended() {
      return ended;
    },
    stop: () => end(command.stopSignal),
    kill9: () => end('SIGKILL'),
  };
}

/** A shell that waits for the end of its input, which is the end of this process, and then kills the server. */
function guardAgainstOrphans(pid: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const guard = spawn('sh', ['-c', 'cat >/dev/null; kill -9 "$0"', String(pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => undefined);
  guard.unref();
  return guard;
}
