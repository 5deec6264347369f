import colors from 'picocolors';
import type { Evidence, TopicRecord } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import type { Found, Promised, Violation } from './promise.js';
import { PROMISES } from './promises.js';
import { toSmallest } from './smallest.js';

/** What became of one promise. */
export interface Kept extends Found {
  readonly promised: Promised;
}

/** Checks every promise. */
export const checkAll = (evidence: Evidence): Kept[] => PROMISES.map((promised) => ({ promised, ...promised.check(evidence) }));

const SHOWN_VIOLATIONS = 3;
const SHOWN_LINES = 40;

/** The table: a promise a line, with how often it was looked at and how often it was broken. */
export function toTable(kept: readonly Kept[]): string {
  const width = Math.max(...kept.map(({ promised }) => promised.name.length));
  const lines = kept.map(({ promised, checked, violations }) => {
    const broken = String(violations.length).padStart(10);
    return `  ${promised.name.padEnd(width)} ${String(checked).padStart(9)} ${violations.length === 0 ? broken : colors.red(broken)}`;
  });
  return [colors.bold(`  ${'promise'.padEnd(width)} ${'checked'.padStart(9)} ${'violations'.padStart(10)}`), ...lines].join('\n');
}

/** Each violation with the seed and the smallest history that shows it; the first few of each promise. */
export function toViolations(kept: readonly Kept[], evidence: Evidence, seed: number): string {
  return kept
    .flatMap(({ promised, violations }) => [
      ...violations.slice(0, SHOWN_VIOLATIONS).map((violation) => toStory(promised, violation, evidence, seed)),
      ...(violations.length > SHOWN_VIOLATIONS ? [`… and ${violations.length - SHOWN_VIOLATIONS} more against "${promised.name}"`] : []),
    ])
    .join('\n\n');
}

function toStory(promised: Promised, violation: Violation, evidence: Evidence, seed: number): string {
  const { entries, needed } = toSmallest(promised, violation, evidence);
  const lines = entries.length <= SHOWN_LINES ? entries : entries.filter(({ n }) => needed.has(n));
  const start = evidence.history[0]?.at ?? 0;
  return [
    colors.red(`Broken: ${promised.name}`),
    `  ${violation.text} (seed ${seed})`,
    ...lines.map((entry) => `  ${needed.has(entry.n) ? '>' : ' '} ${toLine(entry, start)}`),
    ...recordsAbout(violation, evidence.topics).map((record) => `  t ${toRecordLine(record, start)}`),
  ].join('\n');
}

function toLine(
  {
    at,
    client,
    edge,
    phase,
    operation,
    n,
    call: _call,
    trace: _trace,
    platform: _platform,
    answer,
    seen,
    rows,
    batchSeen,
    results,
    ...rest
  }: Entry,
  start: number,
): string {
  const seconds = `${((at - start) / 1000).toFixed(3)} s`.padStart(11);
  const said = answer ? `${answer.status} ${answer.verdict ?? ''}` : (seen?.status ?? batchSeen?.status ?? '');
  const counted = { ...rest, ...(rows && { rows: rows.length }), ...(results && { results: results.length }) };
  const more = Object.entries(counted).map(([name, value]) => `${name}=${value}`);
  return `#${n} ${seconds} ${client}@${edge} ${operation} ${phase} ${said} ${more.join(' ')}`.replace(/\s+$/, '');
}

function recordsAbout({ about }: Violation, topics: readonly TopicRecord[]): TopicRecord[] {
  const ids = [about.eventKey?.replace(/^[cl]:/, ''), about.verification, about.consent].filter((id) => id !== undefined);
  return topics.filter(({ key }) => ids.some((id) => key.endsWith(id))).slice(0, SHOWN_LINES);
}

function toRecordLine({ topic, partition, offset, key, sequence, type, time, payload }: TopicRecord, start: number): string {
  const seconds = `${((time.getTime() - start) / 1000).toFixed(3)} s`.padStart(11);
  return `${seconds} ${topic}/${partition}@${offset} ${key} #${sequence} ${type} ${payload.status ?? payload.action ?? ''} ${payload.code ?? ''}`;
}
