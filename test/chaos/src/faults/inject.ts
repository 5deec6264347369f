import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Faults, MockControlServiceService, SetFaultsRequest } from '@vouch/proto/mock/v1/mock';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import type { Interruption } from '../evidence/evidence.js';
import type { System } from '../system/start-system.js';
import { BROKER, DATABASE, describeFault, type Fault, type PlannedFault, partOf } from './fault.js';

/** Breaks a system by a plan. */
export interface Injector {
  /** Carries the plan out; resolves when its last fault is over. */
  run(plan: readonly PlannedFault[], print: (line: string) => void): Promise<void>;
  /** Mends everything that may still be broken. */
  heal(): Promise<void>;
  /** What was broken from when to when, as it came, but for agencies. */
  readonly interruptions: readonly Interruption[];
  /** How often each kind was carried out. */
  readonly counts: ReadonlyMap<string, number>;
}

const ERROR_RATE = 0.5;
/** By the clock of the histories. */
const now = () => performance.timeOrigin + performance.now();

/** An injector of a system. */
export function createInjector(system: System): Injector {
  const { supervisor, kafka, postgres, links, demo } = system;
  const counts = new Map<string, number>();
  const interruptions: Interruption[] = [];
  const busy = new Set<string>();

  // A killed server comes back before anything else is done to it.
  async function alone(target: string, work: () => Promise<void>): Promise<boolean> {
    if (busy.has(target)) return false;
    busy.add(target);
    try {
      await work();
      return true;
    } finally {
      busy.delete(target);
    }
  }

  const down = (server: { kill9(): Promise<void>; restart(): Promise<void> }, ms: number) => async () => {
    await server.kill9();
    await delay(ms);
    await server.restart();
  };

  async function killAll(): Promise<void> {
    await alone(BROKER, () =>
      alone(DATABASE, async () => {
        for (const name of supervisor.names) supervisor.signal(name, 'SIGKILL');
        await Promise.all([kafka.kill9(), postgres.kill9()]);
        await Promise.all([kafka.restart(), postgres.restart()]);
      }).then(() => undefined),
    );
  }

  const pidsOf = async (server: string): Promise<number[]> =>
    server === BROKER ? [kafka.pid] : [postgres.pid, ...(await childrenOf(postgres.pid))];

  /** Where a file size limit can be set from outside, which takes Linux and its util-linux. */
  async function failWrites(server: string, limitBytes: number, forMs: number): Promise<boolean> {
    const limited = await Promise.all((await pidsOf(server)).map((pid) => limitFiles(pid, limitBytes)));
    if (!limited.includes(true)) return false;
    await delay(forMs);
    // Most often it has ended by itself, as it should.
    await (server === BROKER ? kafka : postgres).restart();
    return true;
  }

  async function signal(target: string, name: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    if (target !== BROKER && target !== DATABASE) {
      supervisor.signal(target, name);
      return;
    }
    for (const pid of await pidsOf(target)) {
      try {
        process.kill(pid, name);
      } catch {
        // A connection's process that has ended meanwhile.
      }
    }
  }

  async function carryOut(fault: Fault, forMs: number): Promise<boolean> {
    switch (fault.kind) {
      case 'kill':
        return supervisor.signal(fault.process, 'SIGKILL');
      case 'kill-broker':
        return alone(BROKER, down(kafka, forMs));
      case 'kill-database':
        return alone(DATABASE, down(postgres, forMs));
      case 'kill-all':
        if (busy.has(BROKER) || busy.has(DATABASE)) return false;
        await killAll();
        return true;
      case 'disk': {
        let done = false;
        await alone(fault.server, async () => {
          done = await failWrites(fault.server, fault.limitBytes, forMs);
        });
        return done;
      }
      case 'pause':
        return alone(fault.process, async () => {
          await signal(fault.process, 'SIGSTOP');
          await delay(forMs);
          await signal(fault.process, 'SIGCONT');
        });
      case 'link': {
        const link = links.find(({ name }) => name === fault.link);
        return alone(fault.link, async () => {
          link?.set(fault.state);
          await delay(forMs);
          link?.set({ kind: 'open' });
        });
      }
      case 'clock':
        return alone(`clock ${fault.process}`, async () => {
          await writeFile(system.clockFile(fault.process), String(fault.stepMs));
          await delay(forMs);
          await writeFile(system.clockFile(fault.process), '0');
        });
      case 'agency':
        return alone(`agency ${fault.agency}`, async () => {
          const faults = fault.fault === 'hang' ? { hang: true } : { errorRate: ERROR_RATE };
          await setAgency(fault.agency, faults).catch(() => undefined);
          await delay(forMs);
          await setAgency(fault.agency, {}).catch(() => undefined);
        });
    }
  }

  async function setAgency(agency: string, faults: Partial<Faults>): Promise<void> {
    await using control = dial(MockControlServiceService, {
      address: demo.registryControls[agency] ?? '',
      tracer: silentTracer,
      metadata: { authorization: `Bearer ${demo.mockControlToken}` },
    });
    await control.setFaults(SetFaultsRequest.create({ faults: Faults.fromPartial(faults) }), { signal: AbortSignal.timeout(3_000) });
  }

  return {
    counts,
    interruptions,
    async run(plan, print) {
      const startedAt = performance.now();
      await Promise.all(
        plan.map(async (planned) => {
          await delay(Math.max(0, startedAt + planned.atMs - performance.now()));
          print(`${(planned.atMs / 1000).toFixed(1).padStart(6)} s  ${describeFault(planned)}`);
          const from = now();
          if (!(await carryOut(planned.fault, planned.forMs))) return;
          counts.set(planned.fault.kind, (counts.get(planned.fault.kind) ?? 0) + 1);
          // An agency that fails answers nothing, so that nothing of its is lost.
          const { fault } = planned;
          if (fault.kind !== 'agency') interruptions.push({ from, until: now(), part: partOf(fault), what: describeFault(planned) });
        }),
      );
    },
    async heal() {
      for (const link of links) link.set({ kind: 'open' });
      for (const name of supervisor.names) {
        supervisor.signal(name, 'SIGCONT');
        await writeFile(system.clockFile(name), '0');
      }
      await signal(BROKER, 'SIGCONT');
      await signal(DATABASE, 'SIGCONT');
      for (const agency of Object.keys(demo.registryControls)) {
        // A registry that was killed has no faults when it is back.
        await setAgency(agency, {}).catch(() => undefined);
      }
    },
  };
}

/** Sets the limit as the user whose process it is, for which no capability is needed. False when it cannot be set. */
async function limitFiles(pid: number, limitBytes: number): Promise<boolean> {
  try {
    const { uid, gid } = await stat(`/proc/${pid}`);
    const own = uid === process.getuid?.() ? {} : { uid, gid };
    await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${limitBytes}`], own);
    return true;
  } catch {
    return false;
  }
}

/** Processes that a process has started; none where there is no `/proc`. */
async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (name) => {
      const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      // The name of the program stands in parentheses and may hold anything.
      return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : [];
    }),
  );
  return found.flat();
}
