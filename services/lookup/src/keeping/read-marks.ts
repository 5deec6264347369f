import { sql } from '@vouch/store';
import type { LookupStore } from './store.js';
import type { Verification } from './verification.js';

/** Tells one committed state of a verification from the next: every event has a sequence, and erasing leaves a tombstone. */
export type Mark = string;

/** The mark of a verification as it was read. */
export const markOf = ({ sequence, erasedAt }: Pick<Verification, 'sequence' | 'erasedAt'>): Mark =>
  `${sequence} ${erasedAt !== undefined}`;

/** The marks of verifications as they are committed now, by id; one query for all of them. */
export async function readMarks(store: LookupStore, ids: readonly string[]): Promise<ReadonlyMap<string, Mark>> {
  const rows = await store.db
    .selectFrom('verifications')
    .select(['id', 'sequence', 'erased_at'])
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map(({ id, sequence, erased_at: erasedAt }) => [id, markOf({ sequence, erasedAt: erasedAt ?? undefined })]));
}
