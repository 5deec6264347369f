import { type ChildProcess, spawn } from 'node:child_process';
import { NODE_FLAGS } from '../node-flags.js';

/** One service to keep running in a process of its own. */
export interface ServiceProcess {
  /** Name for messages. */
  readonly name: string;
  /** Script to run. */
  readonly script: string;
  /** The process's whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a supervisor reports. */
export interface SupervisorOptions {
  /** A process ended without being told to and is started again. */
  readonly onRestart: (name: string, reason: string) => void;
  /** File descriptor that the processes' output goes to; this process's own output unless said. */
  readonly output?: number;
}

/** Keeps processes running until it is closed. */
export interface Supervisor extends AsyncDisposable {
  /** Starts a service, and starts it again whenever it ends. */
  keep(service: ServiceProcess): void;
  /** Names of what is kept, in the order given. */
  readonly names: readonly string[];
  /** Sends a signal to a process by its name, such as SIGKILL, SIGSTOP or SIGCONT; false when it is not running just now. */
  signal(name: string, signal: NodeJS.Signals): boolean;
}

const FIRST_BACK_OFF_MS = 200;
const LONGEST_BACK_OFF_MS = 5_000;
const STEADY_AFTER_MS = 10_000;
const STOP_WITHIN_MS = 6_000;

/**
 * A supervisor. Closing it stops the process kept last (the edge), then the others together: by SIGTERM, and SIGKILL for one that hangs.
 */
export function createSupervisor({ onRestart, output }: SupervisorOptions): Supervisor {
  const names: string[] = [];
  const running = new Map<string, ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  let stopping = false;

  function start(service: ServiceProcess, backOffMs: number): void {
    const startedAt = Date.now();
    const child = spawn(process.execPath, [...NODE_FLAGS, service.script], {
      env: service.env,
      stdio: ['ignore', output ?? 'inherit', output ?? 'inherit'],
    });
    running.set(service.name, child);
    child.once('exit', (code, signal) => {
      running.delete(service.name);
      if (stopping) return;
      onRestart(service.name, signal ?? `exit code ${code}`);
      const steady = Date.now() - startedAt > STEADY_AFTER_MS;
      const wait = steady ? FIRST_BACK_OFF_MS : backOffMs;
      const timer = setTimeout(() => {
        timers.delete(timer);
        start(service, Math.min(wait * 2, LONGEST_BACK_OFF_MS));
      }, wait);
      timers.add(timer);
    });
  }

  return {
    keep(service) {
      names.push(service.name);
      start(service, FIRST_BACK_OFF_MS);
    },
    names,
    signal: (name, signal) => running.get(name)?.kill(signal) ?? false,
    async [Symbol.asyncDispose]() {
      stopping = true;
      for (const timer of timers) clearTimeout(timer);
      const [edge, ...others] = [...running.values()].reverse();
      if (edge) await stop(edge);
      await Promise.all(others.map(stop));
    },
  };
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
