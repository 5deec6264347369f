import { type Migration, sql } from '@vouch/store';

/** What waits for agencies that are away is looked at apart, so that however much of it there is, the rest does not wait behind it. */
export const awayMigration: Migration = {
  async up(db) {
    await sql`alter table verifications add column away boolean not null default false`.execute(db);
    await sql`create index verifications_due on verifications (retry_at) where status = 'pending' and not away`.execute(db);
  },
};
