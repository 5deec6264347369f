import { type Migration, sql } from '@vouch/store';

/**
 * Leaves room beside consents for the next state of each: a redemption counts a use on one, which touches no index as long as the row stays on
 * its page. Pages that are full already get room as their rows move on.
 */
export const roomForUses: Migration = {
  async up(db) {
    await sql`alter table consents set (fillfactor = 70)`.execute(db);
  },
};
