import { Faults, type GetFaultsResponse } from '@vouch/proto/mock/v1/mock';

/** Options of the fault command, as typed. */
export interface FaultOptions {
  readonly hang?: boolean;
  /** Median, or median:99th percentile, milliseconds. */
  readonly latency?: string;
  readonly errorRate?: string;
  readonly code?: string;
  readonly refuse?: boolean;
  readonly quota?: string;
  readonly dailyCap?: string;
  readonly wrongShape?: boolean;
  readonly heal?: boolean;
  readonly show?: boolean;
}

// As `Fault.code` may be: anything else the hub would take for a malformed answer.
const CODE = /^(?!.*\d{7})[a-z][a-z0-9_]{0,63}$/;

/** The faults that options ask for; undefined when they ask for none and are not `--heal`. Throws a RangeError that names the option at fault. */
export function readFaults(options: FaultOptions): Faults | undefined {
  const { hang, latency, errorRate, code, refuse, quota, dailyCap, wrongShape, heal, show } = options;
  const asked = [hang, latency, errorRate, code, refuse, quota, dailyCap, wrongShape].some((value) => value !== undefined);
  if (heal) {
    if (asked) throw new RangeError('--heal ends every fault and goes with no other option');
    if (show) throw new RangeError('--heal ends every fault and goes with no other option');
    return Faults.create();
  }
  if (show && asked) throw new RangeError('--show goes with no other option');
  if (!asked) return undefined;
  if (code !== undefined && errorRate === undefined) throw new RangeError('--code needs --error-rate');
  if (code !== undefined && !CODE.test(code)) throw new RangeError('--code takes a fault code, such as agency_timeout');
  return Faults.create({
    hang,
    refuseConnections: refuse,
    wrongShape,
    errorCode: code,
    errorRate: errorRate === undefined ? 0 : readNumber('--error-rate', errorRate, 1),
    latency: latency === undefined ? undefined : readLatency(latency),
    quotaPerSecond: quota === undefined ? 0 : readWhole('--quota', quota, 1),
    quotaPerDay: BigInt(dailyCap === undefined ? 0 : readWhole('--daily-cap', dailyCap, 1)),
  });
}

function readLatency(text: string): { p50Ms: number; p99Ms: number } {
  const [p50 = '', p99, ...more] = text.split(':');
  if (more.length > 0) throw new RangeError('--latency takes one number, or two with a colon between');
  const latency = { p50Ms: readWhole('--latency', p50, 0), p99Ms: p99 === undefined ? 0 : readWhole('--latency', p99, 0) };
  if (p99 !== undefined && latency.p99Ms < latency.p50Ms)
    throw new RangeError('--latency takes the median first, then the 99th percentile');
  return latency;
}

function readWhole(option: string, text: string, least: number): number {
  const number = readNumber(option, text, 2 ** 32 - 1, least);
  if (!Number.isInteger(number)) throw new RangeError(`${option} takes whole numbers`);
  return number;
}

function readNumber(option: string, text: string, most: number, least = 0): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!(number >= least && number <= most)) throw new RangeError(`${option} takes a number from ${least} to ${most}`);
  return number;
}

/** Faults in a line for people. */
export function renderFaults(faults: Faults | undefined): string {
  const parts: string[] = [];
  if (faults?.refuseConnections) parts.push('refuses connections');
  if (faults?.hang) parts.push('hangs');
  if (faults?.latency) {
    const { p50Ms, p99Ms } = faults.latency;
    parts.push(p99Ms > p50Ms ? `latency p50 ${p50Ms} ms, p99 ${p99Ms} ms` : `latency ${p50Ms} ms`);
  }
  if (faults && faults.errorRate > 0) parts.push(`${faults.errorRate * 100} % fail with ${faults.errorCode || 'agency_error'}`);
  if (faults && faults.quotaPerSecond > 0) parts.push(`at most ${faults.quotaPerSecond} queries a second`);
  if (faults && faults.quotaPerDay > 0n) parts.push(`at most ${faults.quotaPerDay} queries a day`);
  if (faults?.wrongShape) parts.push('answers in a wrong shape');
  return parts.length === 0 ? 'no faults' : parts.join(', ');
}

/** What a registry counted, in a line for people. */
export const renderCounts = ({ queries, findings, faulted }: GetFaultsResponse): string =>
  `${queries} queries, ${findings} findings, ${faulted} faults since the start`;
