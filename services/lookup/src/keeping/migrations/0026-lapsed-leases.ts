import { type Migration, sql } from '@vouch/store';

/**
 * The last look at leases before a commit, which fails when one has ended meanwhile: so that the commit can travel with it, and nothing comes
 * between the two. A lease that had ended before the transaction began was left out by the statement that writes.
 */
export const lapsedLeasesMigration: Migration = {
  async up(db) {
    await sql`create function refuse_lapsed(lease_ends timestamptz[]) returns void language plpgsql as $$
      begin
        if exists (select from unnest(lease_ends) lease_end where lease_end > now() and lease_end <= clock_timestamp()) then
          raise exception 'a lease ended before its commit' using errcode = 'VL001';
        end if;
      end $$`.execute(db);
  },
};
