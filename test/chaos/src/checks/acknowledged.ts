import { type Answer, claimKey } from '../answer.js';
import type { Evidence, VerificationRow } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { canonical, saltedDigest } from './canonical.js';
import { createFindings, type Found } from './promise.js';

const WITHDRAWN = ['withdrawing', 'withdrawn'];

/** Every acknowledged verification is there with the answer that was given. */
export function checkVerifications({ history, database, topics }: Evidence): Found {
  const findings = createFindings();
  const rows = new Map(database.verifications.map((row) => [row.id, row]));
  const withdrawn = new Set(database.consents.filter(({ status }) => WITHDRAWN.includes(status)).map(({ id }) => id));
  const digests = new Map<string, { salt: Buffer; digest: string }[]>();
  for (const { topic, payload } of topics) {
    if (topic !== 'vouch.audit.v1' || typeof payload.answerDigest !== 'string') continue;
    const id = String(payload.verificationId);
    const known = digests.get(id) ?? [];
    known.push({ salt: Buffer.from(String(payload.salt), 'base64'), digest: payload.answerDigest });
    digests.set(id, known);
  }
  for (const entry of history) {
    const id = entry.verification;
    if (id === undefined || !isAcknowledgement(entry)) continue;
    const row = rows.get(id);
    const about = { verification: id, ...(entry.consent && { consent: entry.consent }), ...(entry.key && { key: entry.key }) };
    const expect = (holds: boolean, text: () => string) => findings.expect(holds, () => `verification ${id} ${text()}`, about);
    if (!row) {
      expect(false, () => 'was acknowledged and is not there');
      continue;
    }
    if (entry.phase === 'refused') {
      if (entry.code === 'verification_gone')
        expect(row.erasedAt !== undefined || withdrawn.has(row.consentId ?? ''), () => 'was said to be gone and its consent stands');
      else
        expect(
          row.status === 'refused' && row.code === entry.code,
          () => `was refused with ${entry.code} and is ${row.status} ${row.code ?? ''}`,
        );
      continue;
    }
    const answer = entry.answer as Answer;
    if (answer.status === 'pending') {
      expect(row.status !== 'refused', () => 'was pending and is refused');
      const changed = row.erasedAt ? undefined : changedClaim(answer, row);
      expect(changed === undefined, () => `was answered in part, and what was known of ${changed} has changed`);
      continue;
    }
    if (row.erasedAt) expect(withdrawn.has(row.consentId ?? ''), () => 'is erased and its consent stands');
    else
      expect(
        canonical(answer) === canonical(row.answer),
        () => `was answered ${answer.status} ${answer.verdict ?? ''}, and another answer is kept`,
      );
    expect(
      (digests.get(id) ?? []).some(({ salt, digest }) => saltedDigest(salt, answer).toString('base64') === digest),
      () => 'was answered, and no audit record has the digest of that answer',
    );
  }
  return findings.found;
}

const isAcknowledgement = ({ phase, operation, code }: Entry): boolean =>
  (phase === 'answered' && (operation === 'verify' || operation === 'read-verification')) ||
  (phase === 'refused' && (operation === 'verify' || (operation === 'read-verification' && code === 'verification_gone')));

/** The first claim that was known and is known otherwise now. */
function changedClaim(answer: Answer, row: VerificationRow): string | undefined {
  const claims = answer.claims.map((claim, index) => ({ claim, now: row.answer.claims[index] }));
  const changed = claims.find(({ claim, now }) => claim.outcome !== 'unavailable' && canonical(claim) !== canonical(now));
  return changed && claimKey(changed.claim);
}

/** Every acknowledged verification can be read by its platform at the end. */
export function checkReadable({ history }: Evidence): Found {
  const findings = createFindings();
  const acknowledged = new Set<string>();
  for (const entry of history) {
    const id = entry.verification;
    if (id === undefined) continue;
    if (entry.operation === 'read-verification' && entry.phase !== 'sent' && acknowledged.has(id)) {
      findings.expect(
        entry.code !== 'verification_not_found',
        () => `verification ${id} was acknowledged, and reading it said ${entry.code}`,
        { verification: id },
      );
    }
    if (isAcknowledgement(entry)) acknowledged.add(id);
  }
  return findings.found;
}

const AFTER: Readonly<Record<string, readonly string[]>> = {
  requested: ['requested', 'granted', 'refused', 'expired', 'withdrawing', 'withdrawn', 'spent'],
  granted: ['granted', 'expired', 'withdrawing', 'withdrawn', 'spent'],
  spent: ['spent', 'withdrawing', 'withdrawn'],
  refused: ['refused'],
  withdrawing: ['withdrawing', 'withdrawn'],
  withdrawn: ['withdrawn'],
  expired: ['expired', 'withdrawing', 'withdrawn'],
};

/** Every acknowledged consent and decision stands. */
export function checkConsents({ history, database }: Evidence): Found {
  const findings = createFindings();
  const rows = new Map(database.consents.map((row) => [row.id, row]));
  for (const { phase, seen } of history) {
    if (phase !== 'answered' || !seen) continue;
    const status = rows.get(seen.id)?.status;
    findings.expect(
      status !== undefined && (AFTER[seen.status] ?? []).includes(status),
      () => `consent ${seen.id} was acknowledged as ${seen.status} and is ${status ?? 'not there'}`,
      { consent: seen.id },
    );
  }
  return findings.found;
}

/** Every complete answer is the right one, whatever was broken while it was found. */
export function checkTruth({ history, truth }: Evidence): Found {
  const findings = createFindings();
  for (const { phase, answer, family, verification: id, consent } of history) {
    const right = family === undefined ? undefined : truth.get(family);
    if (phase !== 'answered' || !answer || !right) continue;
    const about = { ...(id && { verification: id }), ...(consent && { consent }) };
    if (answer.status === 'complete') {
      findings.expect(answer.verdict === right.verdict, () => `verification ${id} is ${answer.verdict}; right is ${right.verdict}`, about);
    }
    for (const claim of answer.claims) {
      if (claim.outcome === 'unavailable') continue;
      const outcome = right.outcomes.get(claimKey(claim));
      findings.expect(
        outcome === claim.outcome,
        () => `verification ${id}: ${claimKey(claim)} is ${claim.outcome}; right is ${outcome}`,
        about,
      );
    }
  }
  return findings.found;
}

/** In the quiet every call is answered: edges serve again, a repeat finds or finishes what was begun, what was acknowledged is read. */
export function checkServed({ history }: Evidence): Found {
  const findings = createFindings();
  const last = new Map<string, Entry>();
  for (const entry of history) {
    const { final, phase, operation, key, verification, consent, edge } = entry;
    // A repeat may go to any edge; whoever serves first goes to its own.
    if (final && phase !== 'sent') last.set(`${operation} ${key ?? verification ?? `${consent} ${edge}`}`, entry);
  }
  for (const [call, { phase, code, consent, verification, key }] of last) {
    const about = { ...(consent && { consent }), ...(verification && { verification }), ...(key && { key }) };
    findings.expect(phase !== 'unknown', () => `${call} was called in the quiet, and what came last was ${code}`, about);
  }
  return findings.found;
}
