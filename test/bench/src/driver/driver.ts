import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Drive, Driven } from './drive.js';
import type { Order, Report, Target } from './messages.js';

/** A driver process. */
export interface Driver extends AsyncDisposable {
  readonly pid: number;
  drive(plan: Drive): Promise<Driven>;
}

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

/** Starts a driver process for a target, with the lookups of a file. */
export async function startDriver(target: Target, file: string, execArgv: readonly string[] = []): Promise<Driver> {
  const child = fork(MAIN, { serialization: 'advanced', execArgv: [...execArgv] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  function tell(order: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('The driver ended'));
      child.once('exit', onExit);
      child.once('message', (report: Report) => {
        child.off('exit', onExit);
        if (report.done === 'failed') reject(new Error(report.message));
        else resolve(report);
      });
      child.send(order);
    });
  }

  await tell({ do: 'connect', file, target });
  return {
    pid: child.pid as number,
    async drive(plan) {
      const report = await tell({ do: 'drive', plan });
      if (report.done !== 'drive') throw new Error('The driver did something else');
      return report.driven;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
