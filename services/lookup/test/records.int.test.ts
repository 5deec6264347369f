import { type ReceivedEvent, TOPICS } from '@vouch/events';
import { AuditRecorded, ConsentChanged, VerificationChanged } from '@vouch/proto/event/v1/event';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { sql } from '@vouch/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../src/keeping/migrations/index.js';
import type { LookupTables } from '../src/keeping/store.js';
import { finding } from './agencies.js';
import { CHILD, GUARDIAN } from './example-people.js';
import { CONSENT_ID, eventually, type LookupUnderTest, lookupBody, startLookupUnderTest } from './lookup-under-test.js';
import { AS_USUAL } from './scripted-ports.js';

let lookup: LookupUnderTest;
const events: ReceivedEvent[] = [];

beforeAll(async () => {
  lookup = await startLookupUnderTest();
  await lookup.bus.subscribe({
    group: 'notify',
    topics: [TOPICS.verification, TOPICS.audit],
    handle: async (batch) => void events.push(...batch),
    deadLetter: { topic: 'vouch.notify.dead-letter.v1' },
  });
});
afterAll(() => lookup?.[Symbol.asyncDispose]());
beforeEach(() => {
  Object.assign(lookup.ports, AS_USUAL);
  lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
});

const make = (overrides: Record<string, unknown> = {}) => lookup.call('/v1/verifications', { method: 'POST', body: lookupBody(overrides) });
const eventsOf = (topic: string, id: string) => events.filter((event) => event.topic === topic && event.key.endsWith(id));
const rowOf = async (id: string) => {
  const store = await lookup.database.store<LookupTables>('lookup', migrations);
  return store.db.selectFrom('verifications').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
};

/** The text of every row of every table in the lookup's schema. */
async function everything(): Promise<string> {
  const store = await lookup.database.store<LookupTables>('lookup', migrations);
  const { rows: tables } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema in ('lookup', 'events')`.execute(store.db);
  let text = '';
  for (const { name } of tables) {
    for (const schema of ['lookup', 'events']) {
      const found = await sql<{ row: string }>`select t::text as row from ${sql.id(schema, name)} t`
        .execute(store.db)
        .catch(() => undefined);
      text += found?.rows.map(({ row }) => row).join('\n') ?? '';
    }
  }
  return text;
}

describe('what is recorded', () => {
  it('publishes a gapless sequence for everyone and for the audit, without persons, outcomes and disclosures', async () => {
    lookup.providers.housing.answer('housing.owns-home', 'hang');
    const { body } = await make({ timeBudgetMs: 500 });
    lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
    await eventually(() => eventsOf(TOPICS.verification, body.id).length === 2 && eventsOf(TOPICS.audit, body.id).length === 2);
    const published = eventsOf(TOPICS.verification, body.id).map(({ payload }) => VerificationChanged.fromJSON(payload));
    expect(published.map(({ status, sequence, verdict }) => [sequence, status, verdict])).toEqual([
      [1, 'pending', 'undetermined'],
      [2, 'complete', 'met'],
    ]);
    const audited = eventsOf(TOPICS.audit, body.id).map(({ payload }) => AuditRecorded.fromJSON(payload));
    expect(audited.map(({ action, sequence }) => [sequence, action])).toEqual([
      [1, 'answered'],
      [2, 'completed'],
    ]);
    expect(audited[1]?.persons).toEqual([
      { subject: 'child', pseudonym: lookup.keyring.pseudonym('audit', CHILD.idNumber), claimTypes: ['police.guardian-of'] },
      {
        subject: 'guardian',
        pseudonym: lookup.keyring.pseudonym('audit', GUARDIAN.idNumber),
        claimTypes: ['police.guardian-of', 'housing.owns-home'],
      },
    ]);
    expect(new Set(audited.map(({ answerDigest }) => answerDigest)).size).toBe(2);
    const text = JSON.stringify(eventsOf(TOPICS.verification, body.id));
    for (const word of ['confirmed', 'owns-home', 'guardian', lookup.keyring.pseudonym('audit', CHILD.idNumber)]) {
      expect(text).not.toContain(word);
    }
  });

  it('publishes refusals, with whom they were about for the audit', async () => {
    lookup.ports.refusal = 'consent_spent';
    const { body } = await make();
    const id = body.verificationId as string;
    const [event] = await eventually(() => eventsOf(TOPICS.audit, id).length > 0 && eventsOf(TOPICS.audit, id));
    expect(AuditRecorded.fromJSON(event?.payload)).toMatchObject({ action: 'refused', code: 'consent_spent' });
    expect(AuditRecorded.fromJSON(event?.payload).persons).toHaveLength(2);
  });

  it('seals identities while pending, drops them after, and has nothing personal in clear anywhere', async () => {
    lookup.providers.housing.answer('housing.owns-home', 'hang');
    const { body } = await make({ timeBudgetMs: 500 });
    const pending = await rowOf(body.id);
    expect(pending.sealed).not.toBeNull();
    const text = await everything();
    expect(text).toContain(body.id);
    for (const { idNumber, name } of [CHILD, GUARDIAN]) {
      for (const canary of [idNumber, name, Buffer.from(idNumber).toString('hex'), Buffer.from(name).toString('hex')]) {
        expect(text).not.toContain(canary);
      }
    }
    lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
    await eventually(async () => (await rowOf(body.id)).status === 'complete');
    expect((await rowOf(body.id)).sealed).toBeNull();
  });
});

describe('erasing', () => {
  it('leaves a tombstone once a consent is withdrawn, and closes what was pending', async () => {
    const consentId = '0193f4a0-0000-7000-8000-00000000000a';
    const legalBasis = { type: 'consent', consentId };
    const complete = await make({ legalBasis });
    lookup.providers.housing.answer('housing.owns-home', 'hang');
    const pending = await make({ legalBasis, timeBudgetMs: 500 });
    const spared = await make({ timeBudgetMs: 500 });
    const payload = ConsentChanged.toJSON({ consentId, platform: 'x', status: 'withdrawn', sequence: 1, purpose: 'school-enrolment' });
    await lookup.bus.publish([
      {
        id: '0193f4a0-0000-7000-8000-0000000000aa',
        topic: TOPICS.consent,
        key: consentId,
        sequence: 1,
        type: 'vouch.consent.withdrawn',
        source: '/vouch/consent',
        time: new Date().toISOString(),
        json: JSON.stringify(payload),
      },
    ]);
    await eventually(async () => (await rowOf(pending.body.id)).erased_at !== null);
    for (const { body } of [complete, pending]) {
      const row = await rowOf(body.id);
      expect(row).toMatchObject({ verdict: null, claims: [], alternatives: [], sealed: null, fingerprint: null });
      const read = await lookup.call(`/v1/verifications/${body.id}`);
      expect(read.status).toBe(410);
      expect(read.body).toMatchObject({ id: body.id, legalBasis, createdAt: body.createdAt });
    }
    expect((await rowOf(spared.body.id)).erased_at).toBeNull();
    await eventually(() => eventsOf(TOPICS.verification, pending.body.id).length === 2);
    const last = eventsOf(TOPICS.verification, pending.body.id).at(-1);
    expect(VerificationChanged.fromJSON(last?.payload)).toMatchObject({ status: 'closed', code: 'consent_withdrawn', sequence: 2 });
  });

  it('happens at the end of the retention, too', async () => {
    const { body } = await make();
    const store = await lookup.database.store<LookupTables>('lookup', migrations);
    await store.db
      .updateTable('verifications')
      .set({ erase_at: new Date(0) })
      .where('id', '=', body.id)
      .execute();
    await eventually(async () => (await lookup.call(`/v1/verifications/${body.id}`)).status === 410);
    expect(CONSENT_ID).toBeTruthy();
  });
});
