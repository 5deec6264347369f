import type { ConsentRow, Evidence } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { createFindings, type Found } from './promise.js';
import { plansOf } from './shown.js';

/** A no that a client was told, for a call or for a row of a batch. */
interface Refusal {
  readonly operation: Entry['operation'];
  readonly code: string;
  readonly consent?: string;
  /** When it was asked for at the earliest, milliseconds since 1970. */
  readonly sentAt: number;
}

/** No call and no row is refused without a cause: what no client did wrong, no fault may turn into a definite no. */
export function checkRefusals({ history, database }: Evidence): Found {
  const findings = createFindings();
  const consents = new Map(database.consents.map((row) => [row.id, row]));
  const grantedAt = new Map<string, number>();
  for (const { phase, operation, seen, at } of history) {
    if (phase === 'answered' && seen && operation === 'grant') grantedAt.set(seen.id, Math.min(at, grantedAt.get(seen.id) ?? at));
  }
  const hasCause = ({ consent = '', ...refusal }: Refusal): boolean => {
    const granted = grantedAt.get(consent) ?? Number.POSITIVE_INFINITY;
    return causes(refusal, consents.get(consent), granted)[refusal.code] ?? false;
  };

  const sentAt = new Map<number, number>();
  // A batch is asked from the first upload with its key on, whoever was told of it.
  const uploadedAt = new Map<string, number>();
  const batchUploadedAt = new Map<string, number>();
  const plans = plansOf(history);
  for (const { phase, operation, call, at, key, batch } of history) {
    if (phase === 'sent') sentAt.set(call, at);
    if (operation !== 'submit-batch' || key === undefined) continue;
    uploadedAt.set(key, Math.min(at, uploadedAt.get(key) ?? at));
    if (batch !== undefined) batchUploadedAt.set(batch, uploadedAt.get(key) ?? at);
  }
  for (const { phase, operation, call, code = '', consent, verification, key, batch, results = [] } of history) {
    if (phase === 'refused') {
      findings.expect(
        hasCause({ operation, code, sentAt: sentAt.get(call) ?? 0, ...(consent && { consent }) }),
        () => `${operation} of ${consent ?? verification ?? key ?? batch} was refused with ${code}, without a cause`,
        { ...(consent && { consent }), ...(verification && { verification }), ...(key && { key }), ...(batch && { batch }) },
      );
    }
    for (const { row, status, code: why = '' } of results) {
      const on = plans.get(batch ?? '')?.[row - 1]?.consent;
      if (status !== 'refused' || batch === undefined) continue;
      findings.expect(
        hasCause({ operation: 'verify', code: why, sentAt: batchUploadedAt.get(batch) ?? 0, ...(on && { consent: on }) }),
        () => `row ${row} of batch ${batch} was refused with ${why}, without a cause`,
        { batch, ...(on && { consent: on }) },
      );
    }
  }
  return findings.found;
}

function causes({ operation, sentAt }: Refusal, row: ConsentRow | undefined, grantedAt: number): Readonly<Record<string, boolean>> {
  return {
    consent_spent: row !== undefined && row.uses >= row.maxUses,
    consent_withdrawn: row?.status.startsWith('withdraw') ?? false,
    consent_not_granted: grantedAt > sentAt,
    // Two decided at once, or the first try did it.
    consent_closed: operation !== 'verify',
    // Another check says whether it may be gone.
    verification_gone: true,
    // Another says whether it has ended.
    batch_closed: operation === 'pause-batch' || operation === 'resume-batch' || operation === 'cancel-batch',
  };
}
