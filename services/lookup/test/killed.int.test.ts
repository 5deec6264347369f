import { randomUUID } from 'node:crypto';
import { loadCatalogue } from '@vouch/catalogue';
import { createKafkaBus } from '@vouch/events';
import { findFreePort } from '@vouch/local';
import { type Answer, Outcome } from '@vouch/proto/evidence/v1/evidence';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ScriptedProvider, startProvider } from './agencies.js';
import { row } from './batch-fixtures.js';
import { GUARDIAN, person } from './example-people.js';
import { type LookupProcesses, startLookupProcesses } from './lookup-processes.js';
import { eventually } from './lookup-under-test.js';

const serverUrl = inject('databaseUrl');
const brokers = inject('kafkaBrokers');
const CLAIM = 'police.guardian-of';
/** Lookups whose events are sure to fall into the slots of both. */
const ENOUGH_FOR_BOTH = 8;

const CONFIRMED: Answer['result'] = { $case: 'finding', value: { outcome: Outcome.CONFIRMED, asOf: '2026-08-30', disclosures: {} } };

describe.skipIf(!serverUrl || !brokers)('one of two processes is killed', () => {
  let shared: LookupProcesses;
  /** The same agency, as the one that dies reaches it. */
  let dyingPolice: ScriptedProvider;

  beforeAll(async () => {
    shared = await startLookupProcesses(serverUrl ?? '', brokers ?? '');
    dyingPolice = await startProvider('police', await loadCatalogue());
  });
  afterAll(async () => {
    await shared?.[Symbol.asyncDispose]();
    await dyingPolice?.[Symbol.asyncDispose]();
  });

  const childOf = (order: number) => person('20191105', order, '沐辰测试乙');
  const rowsOf = (ids: readonly string[]) => shared.store.db.selectFrom('verifications').selectAll().where('id', 'in', ids).execute();
  const waiting = () => shared.store.db.selectFrom('outbox').select('slot').execute();
  const slots = () => shared.store.db.selectFrom('outbox_lease').select(['item', 'owner']).where('owner', 'is not', null).execute();

  it('its retries in flight and its unpublished events are taken over by the other, and nothing else is asked again', async () => {
    // It never reaches Kafka: whatever it commits is still to be published when it dies.
    const [dying] = await Promise.all([
      shared.start({ KAFKA_BROKERS: `127.0.0.1:${await findFreePort()}`, VOUCH_PROVIDER_POLICE: dyingPolice.address }),
      shared.start(),
    ]);
    // It learns nothing from the agency: first the agency is busy, then a retry is never answered.
    const inFlight = new Set<string>();
    dyingPolice.answer(CLAIM, async (query) => {
      const { idNumber = '' } = query.persons.subject ?? {};
      if (dyingPolice.askedAbout.get(idNumber) === 1)
        return { $case: 'fault', value: { code: 'registry_busy', retryable: true, retryAfterMs: 0 } };
      inFlight.add(idNumber);
      return new Promise(() => undefined);
    });
    shared.police.answer(CLAIM, async () => CONFIRMED);

    const owners = async () => new Set((await slots()).map(({ owner }) => owner)).size;
    await eventually(async () => (await owners()) === 2);
    const made = new Map<string, string>();
    // Either may take a retry, and an event: until there is one that the dying one has, and enough events for both.
    while (inFlight.size === 0 || made.size < ENOUGH_FOR_BOTH) {
      const child = childOf(made.size + 1);
      const body = row({ subjects: { child, guardian: GUARDIAN } });
      const answer = await dying.call('/v1/verifications', { method: 'POST', body });
      expect([answer.status, answer.body.status]).toEqual([202, 'pending']);
      made.set(child.idNumber, answer.body.id);
    }
    await dying.kill();
    const ids = [...made.values()];
    const held = new Map([...made].filter(([idNumber]) => inFlight.has(idNumber)));
    expect(held.size).toBeGreaterThan(0);
    for (const { status, retry_lease_end: lease } of await rowsOf([...held.values()]))
      expect([status, lease !== null]).toEqual(['pending', true]);
    // In its share of the slots.
    expect(await owners()).toBe(2);
    expect(await waiting()).not.toEqual([]);

    await eventually(async () => (await rowsOf(ids)).every(({ status }) => status === 'complete'));
    await eventually(async () => (await waiting()).length === 0);
    for (const idNumber of made.keys()) {
      const asked = [dyingPolice.askedAbout.get(idNumber), shared.police.askedAbout.get(idNumber)];
      expect(asked).toEqual(held.has(idNumber) ? [2, 1] : [1, 1]);
    }
    expect((await rowsOf(ids)).map(({ sequence }) => sequence)).toEqual(ids.map(() => 2));

    // As Kafka has them.
    const sequences = new Map<string, number[]>();
    await using bus = createKafkaBus({ brokers: brokers ?? '', clientId: 'test', tracer: silentTracer, logger: silentLogger });
    await using _reading = await bus.subscribe({
      group: `killed-${randomUUID()}`,
      topics: ['vouch.verification.v1'],
      handle: async (events) => {
        for (const { key, sequence } of events) sequences.set(key, [...(sequences.get(key) ?? []), sequence]);
      },
      deadLetter: { topic: 'vouch.notify.dead-letter.v1' },
    });
    await eventually(() => ids.every((id) => sequences.get(id)?.includes(2)));
    for (const id of ids) expect(sequences.get(id), id).toEqual([1, 2]);
  });
});
