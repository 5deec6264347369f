import type { RowSeen } from '../batch.js';
import type { BatchRow, Evidence, RowOutcome, VerificationRow } from '../evidence/evidence.js';
import { createFindings, type Found } from './promise.js';
import { plansOf, shownIn } from './shown.js';

type Findings = ReturnType<typeof createFindings>;

const ENDED = ['complete', 'cancelled'];
const STATES: Readonly<Record<string, string>> = { complete: 'done', closed: 'failed', refused: 'failed' };

/**
 * One result per batch row: every batch that was acknowledged is there whole and has ended; each row came to one outcome (or was cancelled),
 * a verification of its own that nobody else has, or the fault that it had; what was told of it at any time is what it came to; and on a
 * consent that only rows ask on there is no verification that is no row's.
 */
export function checkRows(evidence: Evidence): Found {
  const findings = createFindings();
  const { history, database } = evidence;
  const plans = plansOf(history);
  const kept = new Map(database.batches.map((batch) => [batch.id, batch]));
  for (const [id, rows] of plans) {
    const total = kept.get(id)?.total;
    findings.expect(total === rows.length, () => `batch ${id} was acknowledged with ${rows.length} rows and has ${total ?? 'none'}`, {
      batch: id,
    });
  }
  const rowOf = checkOutcomes(evidence, findings);
  checkStrays(evidence, rowOf, findings);
  for (const { phase, operation, batch: id = '', results, after = 0, final, batchSeen, n } of history) {
    const batch = kept.get(id);
    if (phase !== 'answered' || !batch) continue;
    const about = { batch: id };
    if (operation === 'read-results' && results) {
      results.forEach((result, place) => {
        findings.expect(
          result.row === after + place + 1,
          () => `batch ${id}: row ${result.row} was told in place ${after + place + 1}`,
          about,
        );
        const outcome = outcomeOf(batch, result.row);
        findings.expect(
          isOf(result, outcome, batch),
          () =>
            `batch ${id}: row ${result.row} was told as ${result.status} (line ${n}) and came to ${outcome ? describe(outcome) : 'nothing'}`,
          about,
        );
      });
      if (final)
        findings.expect(
          after + results.length === batch.total,
          () => `batch ${id}: ${results.length} results of ${batch.total} rows`,
          about,
        );
    }
    if (operation === 'read-batch' && final && batchSeen) {
      const { total, done, failed, pending, cancelled } = batchSeen.rows;
      findings.expect(
        pending === 0 && done + failed + cancelled === total,
        () => `batch ${id}: of ${total} rows ${done} are said to be done, ${failed} failed, ${cancelled} cancelled and ${pending} pending`,
        about,
      );
    }
  }
  return findings.found;
}

/** What is stored of each row; returns the rows by their verifications. */
function checkOutcomes({ history, database }: Evidence, findings: Findings): Map<string, string> {
  const plans = plansOf(history);
  const rowOf = new Map<string, string>();
  const verifications = new Map(database.verifications.map((row) => [row.id, row]));
  const alone = new Set<string>();
  for (const entry of history) {
    if (entry.operation === 'verify') for (const { verification } of shownIn(entry, plans)) alone.add(verification);
  }
  for (const batch of database.batches) {
    const about = { batch: batch.id };
    const expect = (holds: boolean, text: () => string) => findings.expect(holds, () => `batch ${batch.id} ${text()}`, about);
    expect(ENDED.includes(batch.status), () => `is ${batch.status}`);
    let next = 1;
    for (const { firstRow, rowCount, outcomes, leased, sealed, pending } of batch.chunks) {
      expect(firstRow === next, () => `has row ${firstRow} where row ${next} comes`);
      expect(!leased && !sealed && pending === 0, () => `still works on rows from ${firstRow} on`);
      next = firstRow + rowCount;
      outcomes.forEach((outcome, index) => {
        const row = firstRow + index;
        const plan = plans.get(batch.id)?.[row - 1];
        expect(outcome !== null || batch.status === 'cancelled', () => `has no result of row ${row}`);
        if (outcome?.kind === 'fault')
          expect(plan === undefined || plan.malformed === true, () => `says ${outcome.code} of row ${row}, which has no fault`);
        if (outcome?.kind !== 'verification') return;
        const first = rowOf.get(outcome.id);
        findings.expect(
          first === undefined && !alone.has(outcome.id),
          () => `batch ${batch.id} has for row ${row} the verification of ${first ?? 'a lookup'}`,
          { ...about, verification: outcome.id },
        );
        rowOf.set(outcome.id, `batch ${batch.id} row ${row}`);
        expect(plan?.malformed !== true, () => `has a verification of row ${row}, which has a fault`);
        const verification = verifications.get(outcome.id);
        expect(
          verification !== undefined && isVerificationOf(verification, outcome.state, batch, plan?.consent, plan !== undefined),
          () => `says of row ${row} that it is ${outcome.state}; its verification is ${verification?.status ?? 'not there'}`,
        );
      });
    }
    expect(next === batch.total + 1, () => `has ${next - 1} of ${batch.total} rows`);
  }
  return rowOf;
}

function isVerificationOf(
  { status, platform, consentId }: VerificationRow,
  state: string,
  batch: BatchRow,
  consent: string | undefined,
  isKnown: boolean,
): boolean {
  return STATES[status] === state && platform === batch.platform && (!isKnown || consentId === consent);
}

/** Verifications on consents that only rows ask on, and of no row: a second result, or a lost one. */
function checkStrays({ history, database }: Evidence, rowOf: ReadonlyMap<string, string>, findings: Findings): void {
  const ofRows = new Set(history.flatMap(({ rows = [] }) => rows.flatMap(({ consent }) => consent ?? [])));
  for (const { operation, consent } of history) if (operation === 'verify' && consent !== undefined) ofRows.delete(consent);
  for (const { id, consentId, status } of database.verifications) {
    if (consentId === undefined || !ofRows.has(consentId)) continue;
    findings.expect(rowOf.has(id), () => `verification ${id} (${status}) was asked by a row, and is no row's result`, {
      consent: consentId,
      eventKey: id,
    });
  }
}

function outcomeOf({ chunks }: BatchRow, row: number): RowOutcome | null {
  const chunk = chunks.find(({ firstRow, rowCount }) => row >= firstRow && row < firstRow + rowCount);
  return chunk?.outcomes[row - chunk.firstRow] ?? null;
}

const describe = (outcome: RowOutcome): string =>
  outcome.kind === 'fault' ? outcome.code : `verification ${outcome.id}, ${outcome.state}`;

/** Whether what was told of a row, then, is what it came to. */
function isOf({ status, verificationId, code }: RowSeen, outcome: RowOutcome | null, batch: BatchRow): boolean {
  if (status === 'cancelled') return outcome === null && batch.status === 'cancelled';
  if (status === 'failed') return outcome?.kind === 'fault' && outcome.code === code;
  // Nobody takes rights away in a run.
  return status !== 'withheld' && outcome?.kind === 'verification' && outcome.id === verificationId;
}
