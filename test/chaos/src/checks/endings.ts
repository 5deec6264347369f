import type { Evidence, VerificationRow } from '../evidence/evidence.js';
import { createFindings, type Found } from './promise.js';
import { CLOCK_ALLOWANCE_MS, verificationsByTrace, wasBroken } from './queries.js';
import { plansOf, shownIn } from './shown.js';

const VERIFICATION = 'vouch.verification.v1';
const ENDS = ['complete', 'closed', 'refused'];

/**
 * Every pending claim ended: no verification is pending; one that ever was has published its end; one that was closed says why, and that
 * is so; nobody was asked beyond its time; nothing of it is left to ask with; whoever looks in the quiet sees the end. And of every
 * redemption it is known what became of it.
 */
export function checkEndings(evidence: Evidence): Found {
  const findings = createFindings();
  const { history, database, topics } = evidence;
  const rows = new Map(database.verifications.map((row) => [row.id, row]));
  const withdrawn = new Set(database.consents.filter(({ status }) => status.startsWith('withdraw')).map(({ id }) => id));
  // A relay that was held up may publish once more what was published before.
  const published = new Map<string, { sequence: number; status: string }>();
  const pending = new Set<string>();
  for (const { topic, key, sequence, payload } of topics) {
    if (topic !== VERIFICATION) continue;
    if (sequence > (published.get(key)?.sequence ?? 0)) published.set(key, { sequence, status: String(payload.status) });
    if (payload.status === 'pending') pending.add(key);
  }
  const plans = plansOf(history);
  const promised = new Map<string, number>();
  for (const entry of history) {
    for (const { verification, answer, about } of shownIn(entry, plans)) {
      if (answer?.status === 'pending') pending.add(verification);
      if (entry.final && entry.operation !== 'verify')
        findings.expect(answer?.status !== 'pending', () => `verification ${verification} is told as pending in the quiet`, about);
    }
    if (entry.operation === 'verify' && entry.verification !== undefined && entry.retryForSeconds !== undefined)
      promised.set(entry.verification, entry.retryForSeconds * 1_000);
  }
  for (const row of database.verifications) {
    const { id, status, consentId, sealed, giveUpAt, createdAt } = row;
    const about = { verification: id, ...(consentId && { consent: consentId }) };
    const expect = (holds: boolean, text: () => string) => findings.expect(holds, () => `verification ${id} ${text()}`, about);
    expect(ENDS.includes(status), () => `is still ${status}`);
    expect(!sealed || status === 'pending', () => `is ${status}, and whom it was about is still kept`);
    const retryForMs = promised.get(id);
    if (retryForMs !== undefined && giveUpAt)
      expect(
        giveUpAt.getTime() - createdAt.getTime() === retryForMs,
        () => `is retried for another time than the ${retryForMs} ms asked for`,
      );
    if (status === 'closed') expect(hasCause(row, withdrawn), () => `is closed with ${row.code}, which is not so`);
    const last = published.get(id)?.status;
    if (pending.has(id)) expect(last === status, () => `was pending and is ${status}; published last was ${last}`);
  }
  checkTimes(evidence, rows, findings);
  for (const { verificationId, consentId } of database.redemptions) {
    findings.expect(
      rows.has(verificationId) || database.answerUnknown.has(verificationId),
      () => `verification ${verificationId} was redeemed, and nobody says what became of it`,
      { verification: verificationId, ...(consentId && { consent: consentId }) },
    );
  }
  return findings.found;
}

/** Nothing in a run ends a consent but its withdrawal, and agencies that fail come back: of the codes there are these two have a cause. */
function hasCause({ code, consentId, giveUpAt, answer }: VerificationRow, withdrawn: ReadonlySet<string>): boolean {
  const completedAt = Date.parse(String(answer.completedAt));
  if (code === 'retry_time_over') return giveUpAt !== undefined && giveUpAt.getTime() <= completedAt + CLOCK_ALLOWANCE_MS;
  return code === 'consent_withdrawn' && withdrawn.has(consentId ?? '');
}

/** Retries end with the time for which they were asked for; what a broken connection held up then may still be answered. */
function checkTimes(evidence: Evidence, rows: ReadonlyMap<string, VerificationRow>, findings: ReturnType<typeof createFindings>): void {
  const findVerification = verificationsByTrace(evidence);
  for (const query of evidence.queries) {
    // A retry's: what was asked at first may have no time for retries at all.
    if (query.verification === undefined) continue;
    const id = findVerification(query) ?? '';
    const giveUpAt = rows.get(id)?.giveUpAt;
    if (!giveUpAt) continue;
    findings.expect(
      query.at <= giveUpAt.getTime() + 2 * CLOCK_ALLOWANCE_MS || wasBroken(evidence, query.registry, query.at, query.at),
      () => `${query.registry} answered a retry of verification ${id} after its time was over`,
      { verification: id },
    );
  }
}
