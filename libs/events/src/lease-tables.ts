import { type Generated, type Kysely, sql } from '@vouch/store';

/** Who works on what, until when. Times are the database's, so that clocks of processes don't matter. */
export interface LeaseTable {
  scope: string;
  item: string;
  owner: string | null;
  held_until: Generated<Date>;
}

/** Who could work: the live members of a scope, so that each takes a fair share. */
export interface MemberTable {
  scope: string;
  member: string;
  live_until: Generated<Date>;
}

/** Makes `<prefix>_lease` and `<prefix>_member`. */
export async function createLeaseTables<T>(db: Kysely<T>, prefix: string): Promise<void> {
  const lease = sql.id(`${prefix}_lease`);
  const member = sql.id(`${prefix}_member`);
  await sql`create table ${lease} (
    scope text not null, item text not null, owner text, held_until timestamptz not null default '-infinity', primary key (scope, item))`.execute(
    db,
  );
  await sql`create table ${member} (
    scope text not null, member text not null, live_until timestamptz not null, primary key (scope, member))`.execute(db);
}
