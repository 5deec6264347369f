import type { AnsweredQuery, Evidence } from '../evidence/evidence.js';
import { BROKER } from '../faults/fault.js';

/** Time allowed for clocks that differ, milliseconds; DESIGN.md §4. */
export const CLOCK_ALLOWANCE_MS = 1_000;

const AUDIT = 'vouch.audit.v1';

/**
 * Finds the verification that a registry's query was of: by its retry's or its row's span, else by the audit events of its trace, of which
 * each redemption and each answer has one, also when the process that asked was killed with its spans.
 */
export function verificationsByTrace({ topics, database }: Evidence): (query: AnsweredQuery) => string | undefined {
  const byTrace = new Map<string, string>();
  for (const { topic, trace, payload } of topics) {
    if (topic === AUDIT && trace !== undefined && payload.verificationId) byTrace.set(trace, String(payload.verificationId));
  }
  const byRow = new Map<string, string>();
  for (const { id, chunks } of database.batches) {
    for (const { firstRow, outcomes } of chunks) {
      outcomes.forEach((outcome, index) => {
        if (outcome?.kind === 'verification') byRow.set(`${id} ${firstRow + index}`, outcome.id);
      });
    }
  }
  return ({ verification, row, trace }) => verification ?? (row && byRow.get(`${row.batch} ${row.row}`)) ?? byTrace.get(trace);
}

// Time that what was broken takes to be as before: a connection to be made, a process to go on with what it had in hand.
const RECOVERY_MS = 3_000;

/**
 * Whether something that a question to a registry rests on was broken, or had not recovered, at some time between two instants, milliseconds
 * since 1970.
 */
export const wasBroken = ({ interruptions }: Evidence, registry: string, from: number, until: number): boolean =>
  interruptions.some((one) => one.from - CLOCK_ALLOWANCE_MS <= until && from <= one.until + RECOVERY_MS && restsOn(registry, one.part));

/**
 * A question rests on who asks and answers it, on the consent service, the database and what is between them: not on events, the audit,
 * clients and other registries.
 */
function restsOn(registry: string, part: string): boolean {
  const [from = '', to] = part.split('->');
  if (from === BROKER || /^(?:audit|(?:grpc-)?clients)\b/.test(from)) return false;
  if (to !== undefined && /^(?:kafka|issuer|audit)\b/.test(to)) return false;
  return [from, to ?? ''].every((name) => !name.startsWith('registry-') || name === registry);
}
