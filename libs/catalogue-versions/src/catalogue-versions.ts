import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type Catalogue, restoreCatalogue } from '@vouch/catalogue';
import { TerminalError } from '@vouch/errors';
import { type OutboxTables, outboxInsert } from '@vouch/events';
import { type Store, sql, type Transaction } from '@vouch/store';
import { LRUCache } from 'lru-cache';
import { type CatalogueService, toChangeEvents } from './events.js';
import type { CatalogueTables } from './tables.js';

/** Another version of the catalogue took effect in a service. */
export interface CatalogueChange {
  /** Gapless within the service, from 1. */
  readonly sequence: number;
  readonly version: string;
  /** Undefined for the first that the service ever had. */
  readonly previous: string | undefined;
  /** The instance of the service that was the first to take it. */
  readonly instance: string;
  readonly at: Date;
}

/** Every version of the catalogue that was ever in effect in a service, whole. */
export interface CatalogueVersions {
  /**
   * Keeps a catalogue that is about to take effect in this instance, so that nothing is decided under one that cannot be looked up. A change
   * is what differs from the last that any instance told: what an instance takes after another, or again after a restart, changes nothing.
   * Returns the change, if it was one: its events wait in the outbox then, written in the same transaction. Rejects with `unavailable`; the
   * catalogue must not take effect then.
   */
  record(catalogue: Catalogue): Promise<CatalogueChange | undefined>;
  /**
   * The catalogue of a version, to explain what was decided under it; undefined when it was never in effect here. Its providers' addresses
   * may be missing: it is not for asking. Rejects with `unavailable`, or with `internal` when this release cannot read it any more.
   */
  catalogueOf(version: string): Promise<Catalogue | undefined>;
}

/** What keeping them needs. */
export interface CatalogueVersionsOptions<T extends CatalogueTables & OutboxTables> {
  readonly store: Store<T>;
  /** Name of this instance. */
  readonly instance: string;
  /** The service, as it is named in events. */
  readonly service: CatalogueService;
}

/** Catalogues of the past that are held at once; they are some megabytes each. */
export const MOST_PAST_CATALOGUES = 8;

const [deflate, inflate] = [promisify(gzip), promisify(gunzip)];

/** The versions in a service's store. No I/O until called. */
export function createCatalogueVersions<T extends CatalogueTables & OutboxTables>(options: CatalogueVersionsOptions<T>): CatalogueVersions {
  const { store, instance, service } = options;
  const table = (name: keyof CatalogueTables) => sql.id(store.schema, name);
  const past = new LRUCache<string, Catalogue>({ max: MOST_PAST_CATALOGUES, fetchMethod: (version) => restore(version) });

  /** Files are written first, each once: another instance may be writing the same. */
  async function keep({ content: { version, files } }: Catalogue): Promise<void> {
    const { rows } = await sql`select 1 from ${table('catalogue_versions')} where version = ${version}`.execute(store.db);
    if (rows.length > 0) return;
    const bodies = await Promise.all(files.map(async ({ hash, json }) => ({ hash, body: (await deflate(json)).toString('base64') })));
    await store.transaction(async (tx) => {
      await sql`insert into ${table('catalogue_files')} (hash, body)
        select hash, decode(body, 'base64') from json_to_recordset(${JSON.stringify(bodies)}::json) as given(hash text, body text)
        order by hash on conflict (hash) do nothing`.execute(tx);
      const named = JSON.stringify(files.map(({ path, hash }) => [path, hash]));
      await sql`insert into ${table('catalogue_versions')} (version, files) values (${version}, ${named}::jsonb)
        on conflict (version) do nothing`.execute(tx);
    });
  }

  async function change(tx: Transaction<T>, version: string): Promise<CatalogueChange | 'none' | 'raced'> {
    const last = await sql<{ sequence: number; version: string }>`select sequence, version from ${table('catalogue_changes')}
      order by sequence desc limit 1`.execute(tx);
    const [before] = last.rows;
    if (before?.version === version) return 'none';
    const made = { sequence: (before?.sequence ?? 0) + 1, version, previous: before?.version, instance };
    // The sequence is the lock: of two instances that saw the same last change one writes the next, the other looks again.
    const { rows } = await sql<{ at: Date }>`insert into ${table('catalogue_changes')} (sequence, version, previous, instance, at)
      values (${made.sequence}, ${version}, ${before?.version ?? null}, ${instance}, clock_timestamp())
      on conflict (sequence) do nothing returning at`.execute(tx);
    const at = rows[0]?.at;
    if (!at) return 'raced';
    for (const insert of outboxInsert(store.schema, toChangeEvents(service, { ...made, at }))) await insert.execute(tx);
    return { ...made, at };
  }

  async function restore(version: string): Promise<Catalogue | undefined> {
    const { rows } = await sql<{ path: string; body: Buffer }>`select named ->> 0 as path, kept.body
      from ${table('catalogue_versions')} as one
      cross join lateral jsonb_array_elements(one.files) as named
      join ${table('catalogue_files')} as kept on kept.hash = named ->> 1
      where one.version = ${version}`.execute(store.db);
    if (rows.length === 0) return undefined;
    const files = await Promise.all(rows.map(async ({ path, body }) => ({ path, json: (await inflate(body)).toString('utf8') })));
    let catalogue: Catalogue;
    try {
      catalogue = restoreCatalogue(files);
    } catch (failure) {
      throw new TerminalError('internal', { cause: failure });
    }
    // Its hash is its name: one that says something else was tampered with, or is not whole.
    if (catalogue.version !== version) {
      throw new TerminalError('internal', { cause: new Error(`what is kept as catalogue ${version} is ${catalogue.version}`) });
    }
    return catalogue;
  }

  return {
    async record(catalogue) {
      await keep(catalogue);
      past.set(catalogue.version, catalogue);
      for (;;) {
        const made = await store.transaction((tx) => change(tx, catalogue.version));
        if (made !== 'raced') return made === 'none' ? undefined : made;
      }
    },
    catalogueOf: (version) => past.fetch(version),
  };
}
