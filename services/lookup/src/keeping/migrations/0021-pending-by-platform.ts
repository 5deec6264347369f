import { type Migration, sql } from '@vouch/store';

/** Each process counts what is pending by platform every few seconds; out of this index alone, without looking at the wide rows. */
export const pendingByPlatformMigration: Migration = {
  async up(db) {
    await sql`create index verifications_pending_platform on verifications (platform) where status = 'pending'`.execute(db);
  },
};
