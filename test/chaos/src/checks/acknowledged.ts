import { type Answer, claimKey } from '../answer.js';
import type { Evidence, VerificationRow } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { canonical, saltedDigest } from './canonical.js';
import { createFindings, type Found } from './promise.js';
import { plansOf, shownIn } from './shown.js';

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
  const plans = plansOf(history);
  for (const { verification: id, answer, code, about } of history.flatMap((entry) => [...shownIn(entry, plans)])) {
    const row = rows.get(id);
    const expect = (holds: boolean, text: () => string) => findings.expect(holds, () => `verification ${id} ${text()}`, about);
    if (!row) {
      expect(false, () => 'was acknowledged and is not there');
      continue;
    }
    if (!answer) {
      if (code === 'verification_gone')
        expect(row.erasedAt !== undefined || withdrawn.has(row.consentId ?? ''), () => 'was said to be gone and its consent stands');
      else expect(row.status === 'refused' && row.code === code, () => `was refused with ${code} and is ${row.status} ${row.code ?? ''}`);
      continue;
    }
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

/** The first claim that was known and is known otherwise now. */
function changedClaim(answer: Answer, row: VerificationRow): string | undefined {
  const claims = answer.claims.map((claim, index) => ({ claim, now: row.answer.claims[index] }));
  const changed = claims.find(({ claim, now }) => claim.outcome !== 'unavailable' && canonical(claim) !== canonical(now));
  return changed && claimKey(changed.claim);
}

/** Every acknowledged verification and batch can be read by its platform from then on. */
export function checkReadable({ history }: Evidence): Found {
  const findings = createFindings();
  const plans = plansOf(history);
  const acknowledged = new Set<string>();
  for (const entry of history) {
    const { operation, phase, verification: id, batch, code } = entry;
    if (
      id !== undefined &&
      (operation === 'read-verification' || operation === 'watch-verification') &&
      phase !== 'sent' &&
      acknowledged.has(id)
    ) {
      findings.expect(code !== 'verification_not_found', () => `verification ${id} was acknowledged, and reading it said ${code}`, {
        verification: id,
      });
    }
    if (batch !== undefined && phase !== 'sent' && acknowledged.has(batch)) {
      findings.expect(code !== 'batch_not_found', () => `batch ${batch} was acknowledged, and ${operation} said ${code}`, { batch });
    }
    for (const { verification } of shownIn(entry, plans)) acknowledged.add(verification);
    if (operation === 'submit-batch' && phase === 'answered' && batch !== undefined) acknowledged.add(batch);
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
  const plans = plansOf(history);
  for (const { verification: id, answer, family, about } of history.flatMap((entry) => [...shownIn(entry, plans)])) {
    const right = family === undefined ? undefined : truth.get(family);
    if (!answer || !right) continue;
    if (answer.status === 'complete') {
      findings.expect(answer.verdict === right.verdict, () => `verification ${id} is ${answer.verdict}; right is ${right.verdict}`, about);
    }
    for (const claim of answer.claims) {
      if (claim.outcome === 'unavailable' || claim.outcome === 'not_needed') continue;
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
    const { final, phase, operation, key, verification, batch, consent, edge } = entry;
    // A repeat may go to any edge; whoever serves first goes to its own.
    if (final && phase !== 'sent') last.set(`${operation} ${key ?? verification ?? batch ?? `${consent} ${edge}`}`, entry);
  }
  for (const [call, { phase, code, consent, verification, key, batch }] of last) {
    const about = { ...(consent && { consent }), ...(verification && { verification }), ...(key && { key }), ...(batch && { batch }) };
    findings.expect(phase !== 'unknown', () => `${call} was called in the quiet, and what came last was ${code}`, about);
  }
  return findings.found;
}
