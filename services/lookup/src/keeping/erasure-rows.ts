import { fromRow, type LookupTransaction } from './store.js';
import type { Verification } from './verification.js';

/** Locks what is to be erased: one verification, those on consents, or those whose retention is over. At most `limit`. */
export async function lockForErasure(
  tx: LookupTransaction,
  which: { readonly id: string } | { readonly consentIds: readonly string[] } | { readonly dueBy: Date },
  limit: number,
): Promise<Verification[]> {
  let query = tx.selectFrom('verifications').selectAll().where('erased_at', 'is', null).where('status', '!=', 'refused');
  if ('id' in which) query = query.where('id', '=', which.id);
  else if ('dueBy' in which) query = query.where('erase_at', '<=', which.dueBy);
  else if (which.consentIds.length > 0) query = query.where('consent_id', 'in', which.consentIds);
  else return [];
  const rows = await query.orderBy('id').limit(limit).forUpdate().execute();
  return rows.map(fromRow);
}

/** Leaves a tombstone of each: id, platform, times, basis and status. What was pending is given as it was closed. */
export async function eraseVerifications(tx: LookupTransaction, made: readonly Verification[], at: Date): Promise<void> {
  if (made.length === 0) return;
  const ids = made.map(({ id }) => id);
  await tx
    .updateTable('verifications')
    .set({
      erased_at: at,
      verdict: null,
      claims: '[]',
      alternatives: '[]',
      sealed: null,
      fingerprint: null,
      retry_at: null,
      retry_lease_end: null,
      waiting_for: null,
      requirement_set: null,
      catalogue_version: null,
      application: null,
      personal: null,
      further: null,
    })
    .where('id', 'in', ids)
    .execute();
  for (const { id, status, sequence, completedAt, code } of made.filter(({ status }) => status === 'closed')) {
    await tx
      .updateTable('verifications')
      .set({ status, sequence, code: code ?? null, completed_at: completedAt ?? null })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .execute();
  }
}

/** Remembers that consents are withdrawn: a commit that was under way becomes visible later, and is then found by it. */
export async function markWithdrawn(tx: LookupTransaction, consentIds: readonly string[]): Promise<void> {
  await tx
    .insertInto('withdrawn_consents')
    .values(consentIds.map((consent_id) => ({ consent_id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Consents marked as withdrawn on which there is still something to erase. */
export async function findUnerased(tx: LookupTransaction, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('withdrawn_consents')
    .select('consent_id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('verifications')
          .select('id')
          .whereRef('verifications.consent_id', '=', 'withdrawn_consents.consent_id')
          .where('erased_at', 'is', null)
          .where('status', '!=', 'refused'),
      ),
    )
    .limit(limit)
    .execute();
  return rows.map(({ consent_id: consentId }) => consentId);
}

/** Forgets the marks made before. */
export async function forgetWithdrawn(tx: LookupTransaction, before: Date): Promise<void> {
  await tx.deleteFrom('withdrawn_consents').where('at', '<', before).execute();
}
