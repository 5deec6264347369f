import { randomUUID } from 'node:crypto';
import { type BusMessage, createKafkaBus, TOPICS } from '@vouch/events';
import { findFreePort } from '@vouch/local';
import { AuditRecorded, CatalogueChanged } from '@vouch/proto/event/v1/event';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CatalogueCopy, copyCatalogue } from './catalogue-copy.js';
import { type LookupProcess, type LookupProcesses, startLookupProcesses } from './lookup-processes.js';
import { eventually } from './lookup-under-test.js';

const serverUrl = inject('databaseUrl');
const brokers = inject('kafkaBrokers');

describe.skipIf(!serverUrl || !brokers)('lookup processes that share a catalogue’s folder', () => {
  let shared: LookupProcesses;
  let copy: CatalogueCopy;
  /** Other tests tell changes on the same Kafka. */
  const run = randomUUID();
  beforeAll(async () => {
    copy = await copyCatalogue();
    shared = await startLookupProcesses(serverUrl ?? '', brokers ?? '');
  });
  afterAll(async () => {
    await shared?.[Symbol.asyncDispose]();
    await copy?.[Symbol.asyncDispose]();
  });

  const start = (name: string, env: Record<string, string> = {}) =>
    shared.start({ VOUCH_CATALOGUE_DIR: copy.dir, VOUCH_CATALOGUE_LOOK_MS: '100', VOUCH_INSTANCE_ID: `${name} ${run}`, ...env });
  const versionOf = async (one: LookupProcess): Promise<string> => (await one.call('/v1/catalogue')).body.version;
  const other = (one: LookupProcess, than: string) => eventually(async () => (await versionOf(one)) !== than && versionOf(one));
  const changes = () => shared.store.db.selectFrom('catalogue_changes').selectAll().orderBy('sequence').execute();

  it('one dies between taking a catalogue and telling it: it is told once, by the next, in the audit too, and is no second change there', async () => {
    // It never reaches Kafka.
    const dying = await start('dying', { KAFKA_BROKERS: `127.0.0.1:${await findFreePort()}` });
    const first = await versionOf(dying);
    await copy.change('purposes.yaml', 'retentionDays: 180', 'retentionDays: 170');
    const second = await other(dying, first);
    const rows = await shared.store.db.selectFrom('outbox').select('events').execute();
    expect(rows.flatMap((row) => JSON.parse(row.events) as BusMessage[]).filter(({ topic }) => topic === TOPICS.catalogue)).toHaveLength(2);
    await dying.kill();

    const [next, beside] = await Promise.all([start('next'), start('beside', { VOUCH_CATALOGUE_LOOK_MS: '600000' })]);
    expect([await versionOf(next), await versionOf(beside)]).toEqual([second, second]);
    await copy.change('purposes.yaml', 'retentionDays: 170', 'retentionDays: 160');
    const third = await other(next, second);
    // It does not look by itself for a long time, and is told to.
    expect(await versionOf(beside)).toBe(second);
    beside.hangUp();
    expect(await other(beside, second)).toBe(third);
    await eventually(async () => (await shared.store.db.selectFrom('outbox').select('id').execute()).length === 0);

    const told: CatalogueChanged[] = [];
    const audited: AuditRecorded[] = [];
    await using bus = createKafkaBus({ brokers: brokers ?? '', clientId: 'test', tracer: silentTracer, logger: silentLogger });
    await using _reading = await bus.subscribe({
      group: run,
      topics: [TOPICS.catalogue, TOPICS.audit],
      handle: async (events) => {
        for (const { topic, payload } of events) {
          if (topic === TOPICS.catalogue) told.push(CatalogueChanged.fromJSON(payload));
          else audited.push(AuditRecorded.fromJSON(payload));
        }
      },
      deadLetter: { topic: 'vouch.notify.dead-letter.v1' },
    });
    const ours = ({ instance }: { readonly instance: string }) => instance.endsWith(run);
    const inAudit = () =>
      audited.flatMap(({ action, catalogue }) => (action === 'catalogue_changed' && catalogue ? [catalogue] : [])).filter(ours);
    const expected = [
      { service: 'lookup', version: first, previousVersion: '', instance: `dying ${run}`, sequence: 1 },
      { service: 'lookup', version: second, previousVersion: first, instance: `dying ${run}`, sequence: 2 },
      { service: 'lookup', version: third, previousVersion: second, instance: `next ${run}`, sequence: 3 },
    ];
    // At least once: what was published and not yet crossed off may come again.
    const once = (all: readonly CatalogueChanged[]) =>
      all.filter(({ sequence }, at) => all.findIndex((one) => one.sequence === sequence) === at);
    await eventually(() => once(told.filter(ours)).length >= 3 && once(inAudit()).length >= 3);
    expect(once(told.filter(ours))).toEqual(expected);
    expect(once(inAudit())).toEqual(expected);
    expect((await changes()).map(({ version, previous }) => [version, previous ?? ''])).toEqual(
      expected.map(({ version, previousVersion }) => [version, previousVersion]),
    );
  });

  it('a faulty one is refused by each that looks, which goes on, and keeps one from starting', async () => {
    const one = await start('one');
    const before = await versionOf(one);
    const good = await copy.read('clients.yaml');
    await copy.write('clients.yaml', good.replace('purposes: [school-enrolment]', 'purposes: [curiosity]'));
    const { catalogue } = await eventually(async () => {
      const { body } = await one.call('/health/ready');
      return body.catalogue.refused && body;
    });
    expect(catalogue).toMatchObject({ version: before, refused: { reason: 'faulty', faults: 1 } });
    await expect(start('late')).rejects.toThrow('ended before it answered');
    await copy.write('clients.yaml', good);
    await eventually(async () => !(await one.call('/health/ready')).body.catalogue.refused);
    expect(await versionOf(one)).toBe(before);
  });
});
