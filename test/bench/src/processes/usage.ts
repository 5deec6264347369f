import { readdir, readFile } from 'node:fs/promises';

/** CPU time so far, milliseconds, and resident memory, bytes, of groups of processes. */
export type Usage = Readonly<Record<string, { readonly cpuMs: number; readonly residentBytes: number }>>;

/** Processes by the name under which their costs are told. A process counts with all its descendants. */
export type Groups = Readonly<Record<string, readonly number[]>>;

// Linux reports CPU time in hundredths of a second, whatever the kernel's own tick.
const MS_PER_TICK = 10;
const KILOBYTE = 1_024;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

/** Reads what groups of processes have used so far. Linux only. */
export async function readUsage(groups: Groups): Promise<Usage> {
  const stats = await readStats();
  const entries = await Promise.all(
    Object.entries(groups).map(async ([name, roots]) => {
      const members = familyOf(stats, roots);
      const sizes = await Promise.all(members.map(({ pid }) => residentBytesOf(pid)));
      const cpuMs = members.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
      return [name, { cpuMs, residentBytes: sizes.reduce((sum, size) => sum + size, 0) }] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Time that all of the machine's cores were busy, and that there was in all, milliseconds since it started. */
export async function readBusyMs(): Promise<{ busyMs: number; totalMs: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  // user nice system idle iowait irq softirq steal
  const fields = line
    .trim()
    .split(/ +/)
    .slice(1, 9)
    .map((field) => Number(field) * MS_PER_TICK);
  const totalMs = fields.reduce((sum, field) => sum + field, 0);
  return { totalMs, busyMs: totalMs - (fields[3] ?? 0) - (fields[4] ?? 0) };
}

/** The most memory of a process that was ever resident at once, bytes. Linux only. */
export async function readPeakBytes(pid: number): Promise<number> {
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (peak === undefined) throw new Error(`Nothing is known of process ${pid}`);
  return Number(peak) * KILOBYTE;
}

/** CPU time of this process alone so far, milliseconds. */
export const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Children of a process whose command line holds a text. */
export async function findChildren(parent: number, text: string): Promise<number[]> {
  const children = (await readStats()).filter((stat) => stat.parent === parent);
  const matching = await Promise.all(
    children.map(async ({ pid }) => ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(text) ? [pid] : [])),
  );
  return matching.flat();
}

async function readStats(): Promise<Stat[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')));
  return texts.flatMap((text) => (text === '' ? [] : [readStat(text)]));
}

/** Reads `/proc/<pid>/stat`. CPU time includes that of ended children that were waited for. */
export function readStat(text: string): Stat {
  // The name is in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(text.slice(0, text.indexOf(' '))), parent: Number(fields[1]), cpuMs: ticks * MS_PER_TICK };
}

function familyOf(stats: readonly Stat[], roots: readonly number[]): Stat[] {
  const members = new Set(roots);
  for (let before = 0; before < members.size; ) {
    before = members.size;
    for (const { pid, parent } of stats) if (members.has(parent)) members.add(pid);
  }
  return stats.filter(({ pid }) => members.has(pid));
}

// Memory that processes share is divided among them; PostgreSQL's would count once for each connection otherwise.
async function residentBytesOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const proportional = /^Pss: +(\d+) kB/m.exec(text)?.[1];
  return Number(proportional ?? 0) * KILOBYTE;
}
