import { type Migration, sql } from '@vouch/store';

/** Consents, their people and their history. */
export const consents: Migration = {
  async up(db) {
    await sql`create table consents (
      id uuid primary key,
      status text not null check (status in ('requested', 'granted', 'refused', 'expired', 'withdrawing', 'withdrawn', 'spent')),
      platform text not null,
      purpose text not null,
      parts jsonb not null,
      valid_from timestamptz not null,
      valid_until timestamptz not null,
      max_uses integer not null,
      uses integer not null default 0,
      retention_days integer not null,
      fingerprint text not null,
      created_at timestamptz not null,
      granted_at timestamptz,
      last_lease_end timestamptz,
      settles_at timestamptz,
      history_sequence integer not null default 0,
      event_sequence integer not null default 0,
      audit_sequence integer not null default 0,
      audit_persons bytea not null,
      check (uses between 0 and max_uses),
      check (status <> 'withdrawing' or settles_at is not null)
    )`.execute(db);
    await sql`create index consents_to_expire on consents (valid_until) where status in ('requested', 'granted')`.execute(db);
    await sql`create index consents_to_settle on consents (settles_at) where status = 'withdrawing'`.execute(db);

    await sql`create table persons (
      consent_id uuid not null references consents (id) on delete cascade,
      subject text not null,
      pseudonym text not null,
      identity bytea,
      primary key (consent_id, subject)
    )`.execute(db);
    await sql`create index persons_pseudonym on persons (pseudonym)`.execute(db);

    await sql`create table history (
      consent_id uuid not null references consents (id),
      sequence integer not null,
      at timestamptz not null,
      actor text not null,
      change text not null,
      parts jsonb not null,
      previous text,
      status text not null,
      primary key (consent_id, sequence)
    )`.execute(db);
    await sql`create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the history of consents is append-only' using errcode = 'restrict_violation';
      end $$`.execute(db);
    await sql`create trigger history_is_append_only before update or delete or truncate on history
      for each statement execute function refuse_change()`.execute(db);
  },
};
