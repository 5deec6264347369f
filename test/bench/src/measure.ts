import type { Drive } from './driver/drive.js';
import { type Groups, ownCpuMs, readBusyMs, readUsage, type Usage } from './processes/usage.js';
import { percentile } from './report/statistics.js';
import type { Ground, RunningRow } from './rows/row.js';

/** One measurement of one row. */
export interface Measurement {
  readonly ids: readonly string[];
  /** Lookups answered. */
  readonly count: number;
  /** Lookups made before the clock started. */
  readonly leadIn: number;
  /** How often one was refused first, because the row had too many; its latency counts from the first time. */
  readonly refused: number;
  /** Lookups a second, from the first that was begun until everything that follows from the last was done. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time a lookup by process, microseconds. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** Resident memory by process at the end, bytes. */
  readonly residentBytes: Readonly<Record<string, number>>;
  /** Share of the machine's CPU that went to processes that have nothing to do with the benchmark. */
  readonly othersShare: number;
}

/** Drives a running row once and measures. Throws when a lookup failed, or an agency was not asked about each. */
export async function measure(ground: Ground, row: RunningRow, whole: Drive): Promise<Measurement> {
  const groups = groupsOf(ground, row);
  const { lead, plan } = await leadIn(row, whole);
  const asked = await ground.registries.queries();
  const [before, busyBefore, ownBefore] = [await readUsage(groups), await readBusyMs(), ownCpuMs()];
  const driven = await row.driver.drive(plan);
  await row.drained();
  const ms = Date.now() - driven.startedAt;
  const [after, busyAfter] = [await readUsage(groups), await readBusyMs()];
  const ownMs = ownCpuMs() - ownBefore;
  const count = driven.latencies.length;
  if (driven.failed > 0) throw new Error(`${driven.failed} of ${driven.begun} lookups failed. The first: ${driven.firstFailure}`);
  // Ended early, it is a measurement all the same, unless it ended very early.
  if (driven.exhausted && driven.endedAt - driven.startedAt < plan.ms / 2)
    throw new Error(`All ${plan.to - plan.from} lookups were used up before half of the time was over`);
  if (count === 0) throw new Error('No lookup was answered');
  for (const [agency, queries] of Object.entries(await ground.registries.queries())) {
    const got = queries - asked[agency as keyof typeof asked];
    if (got < count) throw new Error(`${agency} was asked ${got} times in ${count} lookups`);
  }
  const cpuMs = spent(before, after);
  const ours = Object.values(cpuMs).reduce((sum, one) => sum + one, ownMs);
  return {
    ids: [...lead.ids, ...driven.ids],
    count,
    leadIn: lead.latencies.length,
    refused: driven.refused,
    perSecond: (count * 1_000) / ms,
    p50Ms: percentile(driven.latencies, 50),
    p99Ms: percentile(driven.latencies, 99),
    cpuMicros: mapValues(cpuMs, (one) => (one * 1_000) / count),
    residentBytes: mapValues(after, ({ residentBytes }) => residentBytes),
    othersShare: Math.max(0, busyAfter.busyMs - busyBefore.busyMs - ours) / (busyAfter.totalMs - busyBefore.totalMs),
  };
}

/**
 * One lookup for each caller before the clock starts, so that all of them are connected: a busy Node takes one connection in a turn of its
 * event loop, and the last of many would wait for seconds. Callers keep their connections.
 */
async function leadIn(row: RunningRow, whole: Drive) {
  const from = whole.from + whole.callers;
  const lead = await row.driver.drive({ ...whole, to: from, perSecond: undefined });
  if (lead.failed > 0) throw new Error(`${lead.failed} lookups failed before the measurement. The first: ${lead.firstFailure}`);
  await row.drained();
  return { lead, plan: { ...whole, from } };
}

/** Every process that belongs to a measurement, by name. */
function groupsOf({ registries, parts, collector }: Ground, row: RunningRow): Groups {
  const { postgres, kafka } = parts.pids;
  return { ...row.processes, registries: registries.pids, postgres, kafka, collector: [collector.pid] };
}

const spent = (before: Usage, after: Usage): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([name, { cpuMs }]) => [name, cpuMs - (before[name]?.cpuMs ?? 0)]));

const mapValues = <A, B>(record: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
