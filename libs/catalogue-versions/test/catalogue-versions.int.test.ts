import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalogue, loadCatalogue } from '@vouch/catalogue';
import { type BusMessage, type OutboxTables, outboxBundlesMigration, outboxMigration, TOPICS } from '@vouch/events';
import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { type Database, openPostgres, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type CatalogueTables, catalogueMigration, createCatalogueVersions } from '../src/index.js';

const serverUrl = inject('databaseUrl');
const OWN_DATA = fileURLToPath(new URL('../../catalogue/data', import.meta.url));

describe.skipIf(serverUrl === undefined)('versions of the catalogue', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let dir: string;
  let one: Catalogue;
  let two: Catalogue;
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl as string, 'versions');
    database = await openPostgres({ url: fresh.url, logger: silentLogger });
    dir = await mkdtemp(join(tmpdir(), 'vouch-versions-'));
    await cp(OWN_DATA, dir, { recursive: true });
    one = await loadCatalogue({ dir, providerAddresses: { police: 'given:1' } });
    const file = join(dir, 'purposes.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('retentionDays: 180', 'retentionDays: 181'));
    two = await loadCatalogue({ dir });
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  const open = (schema: string): Promise<Store<CatalogueTables & OutboxTables>> =>
    database.store(schema, {
      '0001-catalogues': catalogueMigration,
      '0002-outbox': outboxMigration,
      '0003-outbox-bundles': outboxBundlesMigration,
    });
  const count = async (store: Store<CatalogueTables & OutboxTables>, table: keyof CatalogueTables): Promise<number> =>
    Number((await sql<{ n: string }>`select count(*) as n from ${sql.id(store.schema, table)}`.execute(store.db)).rows[0]?.n);

  test('one that was in effect is found whole, by whoever starts later', async () => {
    const store = await open('whole');
    await createCatalogueVersions({ store, service: 'lookup', instance: 'a' }).record(one);
    const found = await createCatalogueVersions({ store, service: 'lookup', instance: 'b' }).catalogueOf(one.version);
    expect(found).not.toBe(one);
    expect(found?.content).toEqual(one.content);
    expect(found?.requirementSets.map(({ rules }) => rules)).toEqual(one.requirementSets.map(({ rules }) => rules));
    expect(found?.words({ type: 'housing.owns-home', parameters: {} })).toEqual(one.words({ type: 'housing.owns-home', parameters: {} }));
    expect(found?.evidence).toEqual(one.evidence);
    expect(found?.client('jinan-enrolment')).toEqual(one.client('jinan-enrolment'));
    expect(await createCatalogueVersions({ store, service: 'lookup', instance: 'b' }).catalogueOf(two.version)).toBeUndefined();
  });

  test('of a second version only what differs is kept anew', async () => {
    const store = await open('small');
    const versions = createCatalogueVersions({ store, service: 'lookup', instance: 'a' });
    await versions.record(one);
    const files = await count(store, 'catalogue_files');
    expect(files).toBe(one.content.files.length);
    await versions.record(two);
    expect(await count(store, 'catalogue_files')).toBe(files + 1);
    const later = createCatalogueVersions({ store, service: 'lookup', instance: 'a' });
    expect((await later.catalogueOf(one.version))?.purpose('school-enrolment')?.retentionDays).toBe(180);
    expect((await later.catalogueOf(two.version))?.purpose('school-enrolment')?.retentionDays).toBe(181);
  });

  test('what instances take after each other, or again, is one change; back to an older one is another', async () => {
    const store = await open('changes');
    const [a, b] = ['a', 'b'].map((instance) => createCatalogueVersions({ store, service: 'lookup', instance })) as [Versions, Versions];
    expect(await a.record(one)).toMatchObject({ sequence: 1, version: one.version, previous: undefined, instance: 'a' });
    expect(await b.record(one)).toBeUndefined();
    expect(await b.record(two)).toMatchObject({ sequence: 2, version: two.version, previous: one.version, instance: 'b' });
    expect(await a.record(two)).toBeUndefined();
    expect(await createCatalogueVersions({ store, service: 'lookup', instance: 'a' }).record(two)).toBeUndefined();
    expect(await a.record(one)).toMatchObject({ sequence: 3, version: one.version, previous: two.version });
  });

  test('many instances that take it at once make one change, told once', async () => {
    const store = await open('race');
    const instances = Array.from({ length: 8 }, (_, index) =>
      createCatalogueVersions({ store, service: 'consent', instance: String(index) }),
    );
    await Promise.all(instances.map((versions) => versions.record(one)));
    await Promise.all(instances.map((versions) => versions.record(two)));
    expect(await count(store, 'catalogue_changes')).toBe(2);
    const rows = await store.db.selectFrom('outbox').select('events').orderBy('id').execute();
    const events = rows.flatMap((row) => JSON.parse(row.events) as BusMessage[]);
    const about = (name: string) => events.filter(({ topic }) => topic === name);
    expect(about(TOPICS.catalogue).map(({ key, sequence }) => [key, sequence])).toEqual([
      ['consent', 1],
      ['consent', 2],
    ]);
    expect(about(TOPICS.audit).map(({ key, sequence }) => [key, sequence])).toEqual([
      ['c:catalogue', 1],
      ['c:catalogue', 2],
    ]);
    const told = { service: 'consent', version: two.version, previousVersion: one.version, instance: expect.any(String), sequence: 2 };
    expect(JSON.parse(about(TOPICS.catalogue)[1]?.json ?? '')).toEqual(told);
    expect(JSON.parse(about(TOPICS.audit)[1]?.json ?? '')).toEqual({
      action: 'catalogue_changed',
      salt: expect.any(String),
      sequence: 2,
      catalogue: told,
    });
  });

  test('a change that could not be told did not happen, and is told the next time', async () => {
    const store = await open('untold');
    const versions = createCatalogueVersions({ store, service: 'lookup', instance: 'a' });
    await sql`alter table ${sql.id(store.schema, 'outbox')} rename to away`.execute(store.db);
    await expect(versions.record(one)).rejects.toMatchObject({ code: 'internal' });
    expect(await count(store, 'catalogue_changes')).toBe(0);
    await sql`alter table ${sql.id(store.schema, 'away')} rename to outbox`.execute(store.db);
    expect(await versions.record(one)).toMatchObject({ sequence: 1 });
  });

  test('what was tampered with is not taken for the version whose name it bears', async () => {
    const store = await open('tampered');
    await createCatalogueVersions({ store, service: 'lookup', instance: 'a' }).record(one);
    const [named, other] = one.content.files.filter(({ path }) => path.startsWith('requirement-sets/'));
    await sql`update ${sql.id(store.schema, 'catalogue_files')} as kept set body = other.body
      from ${sql.id(store.schema, 'catalogue_files')} as other where kept.hash = ${named?.hash} and other.hash = ${other?.hash}`.execute(
      store.db,
    );
    await expect(createCatalogueVersions({ store, service: 'lookup', instance: 'b' }).catalogueOf(one.version)).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

type Versions = ReturnType<typeof createCatalogueVersions>;
