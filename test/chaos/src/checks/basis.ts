import type { Evidence } from '../evidence/evidence.js';
import type { Entry, Operation } from '../history.js';
import { canonical } from './canonical.js';
import { createFindings, type Found } from './promise.js';
import { CLOCK_ALLOWANCE_MS, verificationsByTrace } from './queries.js';
import { plansOf, shownIn } from './shown.js';

const AUDIT = 'vouch.audit.v1';
const CONSENT = 'vouch.consent.v1';

/** No consent is used more often than allowed, and none is counted more often than it was asked for. */
export function checkUses({ history, database, topics }: Evidence): Found {
  const findings = createFindings();
  const redemptions = count(database.redemptions.map(({ consentId }) => consentId));
  const made = count(database.verifications.filter(({ status }) => status !== 'refused').map(({ consentId }) => consentId));
  // By consent: what was asked, a repeat of a key being the same.
  const asked = new Map<string, Set<string>>();
  const answered = new Map<string, Set<string>>();
  const plans = plansOf(history);
  for (const entry of history) {
    const { operation, phase, consent, key, call, rows = [] } = entry;
    rows.forEach((row, index) => {
      if (row.consent !== undefined) add(asked, row.consent, `${key} row ${index + 1}`);
    });
    if (operation === 'verify' && phase === 'sent' && consent !== undefined) add(asked, consent, key ?? `call ${call}`);
    if (operation !== 'verify' && operation !== 'read-results') continue;
    for (const { verification, answer, consent: on } of shownIn(entry, plans))
      if (answer && on !== undefined) add(answered, on, verification);
  }
  const redeemedEvents = new Map<string, Set<string>>();
  for (const { topic, payload } of topics) {
    if (topic === AUDIT && payload.action === 'redeemed' && payload.consentId)
      add(redeemedEvents, String(payload.consentId), String(payload.verificationId));
  }
  for (const { id, uses, maxUses } of database.consents) {
    const about = { consent: id };
    const within = (what: string, number: number, most: number) =>
      findings.expect(number <= most, () => `consent ${id}: ${number} ${what}, ${most} at most`, about);
    within('uses counted', uses, maxUses);
    within('redemptions', redemptions.get(id) ?? 0, maxUses);
    within('verifications redeemed by the audit', redeemedEvents.get(id)?.size ?? 0, maxUses);
    within('verifications', made.get(id) ?? 0, maxUses);
    within('answers to different lookups', answered.get(id)?.size ?? 0, maxUses);
    within('redemptions for what was asked', redemptions.get(id) ?? 0, asked.get(id)?.size ?? 0);
    findings.expect(
      uses === (redemptions.get(id) ?? 0),
      () => `consent ${id}: ${uses} uses counted for ${redemptions.get(id) ?? 0} redemptions`,
      about,
    );
  }
  const redeemed = new Set(database.redemptions.map(({ verificationId }) => verificationId));
  for (const { id, status, consentId } of database.verifications) {
    if (status === 'refused') continue;
    findings.expect(redeemed.has(id), () => `verification ${id} was made without a redemption`, {
      verification: id,
      ...(consentId && { consent: consentId }),
    });
  }
  return findings.found;
}

/** No disclosure after an acknowledged withdrawal: none is made, none is shown, and every lease had ended. */
export function checkWithdrawals(evidence: Evidence): Found {
  const findings = createFindings();
  const { history, database, topics, queries } = evidence;
  const begun = new Map<string, number>();
  const acknowledged = new Map<string, number>();
  for (const { phase, seen, at } of history) {
    if (phase !== 'answered' || !seen) continue;
    if (seen.status === 'withdrawing' || seen.status === 'withdrawn') setFirst(begun, seen.id, at);
    if (seen.status === 'withdrawn') setFirst(acknowledged, seen.id, at);
  }
  const sentAt = new Map<number, number>();
  const plans = plansOf(history);
  for (const entry of history) {
    if (entry.phase === 'sent') sentAt.set(entry.call, entry.at);
    for (const { verification, answer, consent, about } of shownIn(entry, plans)) {
      const from = consent === undefined ? undefined : begun.get(consent);
      const sent = sentAt.get(entry.call);
      if (from === undefined || sent === undefined || sent <= from) continue;
      findings.expect(
        !answer || answer.claims.length === 0,
        () => `verification ${verification} was disclosed to a call sent after the withdrawal of consent ${consent} was acknowledged`,
        // A batch has many rows, each with a consent of its own.
        { ...about, ...(consent && { consent }) },
      );
    }
  }

  // By the database's own clock, which wrote both.
  const withdrawingAt = new Map<string, number>();
  const withdrawnAt = new Map<string, number>();
  for (const { topic, key, payload, time } of topics) {
    if (topic !== CONSENT) continue;
    if (payload.status === 'withdrawing') setFirst(withdrawingAt, key, time.getTime());
    if (payload.status === 'withdrawn') setFirst(withdrawnAt, key, time.getTime());
  }
  for (const { consentId, verificationId, leaseEnd, redeemedAt } of database.redemptions) {
    if (consentId === undefined) continue;
    const about = { consent: consentId, verification: verificationId };
    const withdrawing = withdrawingAt.get(consentId);
    const withdrawn = withdrawnAt.get(consentId);
    if (withdrawing !== undefined)
      findings.expect(
        redeemedAt.getTime() <= withdrawing,
        () => `verification ${verificationId} was redeemed after the withdrawal of consent ${consentId} had begun`,
        about,
      );
    if (withdrawn !== undefined)
      findings.expect(
        leaseEnd.getTime() + CLOCK_ALLOWANCE_MS <= withdrawn,
        () => `the withdrawal of consent ${consentId} was acknowledged before the lease of verification ${verificationId} had ended`,
        about,
      );
  }
  for (const { topic, payload, time } of topics) {
    const withdrawing = withdrawingAt.get(String(payload.consentId));
    const withdrawn = withdrawnAt.get(String(payload.consentId));
    if (topic !== AUDIT || !payload.verificationId) continue;
    const id = String(payload.verificationId);
    const about = { consent: String(payload.consentId), verification: id };
    if (payload.action === 'redeemed' && withdrawing !== undefined)
      findings.expect(
        time.getTime() <= withdrawing,
        () => `verification ${id} got a lease after the withdrawal of consent ${payload.consentId} had begun`,
        about,
      );
    if ((payload.action === 'answered' || payload.action === 'completed') && withdrawn !== undefined)
      findings.expect(
        time.getTime() <= withdrawn + CLOCK_ALLOWANCE_MS,
        () => `an outcome of verification ${id} was committed after the withdrawal of consent ${payload.consentId} was acknowledged`,
        about,
      );
  }

  const consentOf = new Map<string, string>();
  for (const { trace, consent } of history) if (trace !== undefined && consent !== undefined) consentOf.set(trace, consent);
  const consentOfVerification = new Map(database.redemptions.map(({ verificationId, consentId }) => [verificationId, consentId]));
  const verificationOf = verificationsByTrace(evidence);
  for (const query of queries) {
    const { trace, at, registry } = query;
    const consent = consentOf.get(trace) ?? consentOfVerification.get(verificationOf(query) ?? '');
    const from = consent === undefined ? undefined : acknowledged.get(consent);
    if (from === undefined) continue;
    findings.expect(
      at <= from + CLOCK_ALLOWANCE_MS,
      () => `${registry} answered a query after the withdrawal of consent ${consent} was acknowledged`,
      { ...(consent && { consent }) },
    );
  }
  return findings.found;
}

/** What was answered on a withdrawn consent is erased; the tombstone stays. */
export function checkErasure({ database }: Evidence): Found {
  const findings = createFindings();
  const withdrawn = new Set(database.consents.filter(({ status }) => status === 'withdrawn').map(({ id }) => id));
  for (const { id, status, consentId, erasedAt, sealed, answer } of database.verifications) {
    if (status === 'refused' || consentId === undefined || !withdrawn.has(consentId)) continue;
    findings.expect(
      erasedAt !== undefined && !sealed && answer.claims.length === 0 && answer.verdict === undefined,
      () => `verification ${id} is not erased, and consent ${consentId} is withdrawn`,
      { verification: id, consent: consentId },
    );
  }
  return findings.found;
}

const MADE_BY: Readonly<Partial<Record<Operation, string>>> = {
  verify: 'verification',
  'request-consent': 'consent',
  'submit-batch': 'batch',
};

/** One verification per idempotency key, one consent, one batch; another key is another one. */
export function checkKeys({ history }: Evidence): Found {
  const findings = createFindings();
  const made = new Map<string, { entry: Entry; id: string }>();
  const keyOf = new Map<string, string>();
  for (const entry of history) {
    const { phase, operation, key, platform, answer, seen, batch, consent } = entry;
    const what = MADE_BY[operation];
    if (phase !== 'answered' || key === undefined || what === undefined) continue;
    const id = answer?.id ?? seen?.id ?? batch ?? '';
    const name = `${what} ${platform} ${key}`;
    const about = { key, ...(consent && { consent }), ...(answer && { verification: id }), ...(batch && { batch }) };
    const first = made.get(name);
    if (first === undefined) made.set(name, { entry, id });
    else {
      findings.expect(first.id === id, () => `key ${key} made ${what} ${first.id} and ${id}`, about);
      const before = first.entry.answer;
      if (answer && before) {
        findings.expect(answer.createdAt === before.createdAt, () => `key ${key} has verifications of two times`, about);
        if (before.status === 'complete')
          findings.expect(canonical(before) === canonical(answer), () => `key ${key} was answered twice, and differently`, about);
      }
      if (answer && before?.status !== 'complete') made.set(name, { entry, id });
    }
    const other = keyOf.get(id);
    findings.expect(other === undefined || other === name, () => `${what} ${id} was made by ${other} and by ${name}`, about);
    keyOf.set(id, name);
  }
  return findings.found;
}

function count(ids: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function add(sets: Map<string, Set<string>>, name: string, member: string): void {
  const set = sets.get(name) ?? new Set();
  set.add(member);
  sets.set(name, set);
}

function setFirst(times: Map<string, number>, name: string, at: number): void {
  times.set(name, Math.min(at, times.get(name) ?? Number.POSITIVE_INFINITY));
}
