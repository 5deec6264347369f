import { randomUUID } from 'node:crypto';
import { TOPICS } from '@vouch/events';
import { type FreshDatabase, freshDatabase } from '@vouch/local';
import { ConsentChanged } from '@vouch/proto/event/v1/event';
import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { LookupServiceService, VerificationStatus } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { openPostgres } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { verificationSchema } from '../src/http/schemas.js';
import type { RunningLookup } from '../src/service.js';
import { finding } from './agencies.js';
import { type EventStream, openEvents } from './event-stream.js';
import { eventually, type LookupUnderTest, lookupBody, OTHER_PLATFORM, startLookupUnderTest } from './lookup-under-test.js';
import { AS_USUAL } from './scripted-ports.js';

const serverUrl = inject('databaseUrl');
const OFFICE = 'shandong-education-office';

describe.skipIf(!serverUrl)('waiting for a pending answer', () => {
  let fresh: FreshDatabase;
  let lookup: LookupUnderTest;
  /** An instance that retries nothing: what it tells of was committed by the other. */
  let other: RunningLookup;
  let streams: EventStream[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl ?? '', 'watching');
    lookup = await startLookupUnderTest({
      openDatabase: () => openPostgres({ url: fresh.url, maxConnections: 8, logger: silentLogger }),
      config: { quietMs: 100, maxWatches: 4, maxWatchesPerClient: 3 },
    });
    other = await lookup.another({ retryEveryMs: 3_600_000 });
  });
  afterAll(async () => {
    await other?.[Symbol.asyncDispose]();
    await lookup?.[Symbol.asyncDispose]();
    await fresh?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    Object.assign(lookup.ports, AS_USUAL);
    lookup.providers.housing.answer('housing.owns-home', 'hang');
  });
  afterEach(() => {
    for (const stream of streams) stream.close();
    streams = [];
  });

  const heal = () => lookup.providers.housing.answer('housing.owns-home', finding(Outcome.CONFIRMED));
  const pending = async (overrides: Record<string, unknown> = {}, client?: string): Promise<string> => {
    const token = await lookup.platformToken(client);
    const made = await lookup.call('/v1/verifications', { method: 'POST', token, body: lookupBody({ timeBudgetMs: 500, ...overrides }) });
    expect(made.status).toBe(202);
    return made.body.id;
  };
  const wait = (id: string, prefer: string, base: string = lookup.url) =>
    lookup.call(`${base}/v1/verifications/${id}`, { headers: { prefer } });
  async function open(
    id: string,
    options: { base?: string; headers?: Record<string, string>; client?: string } = {},
  ): Promise<EventStream> {
    const { base = lookup.url, headers, client } = options;
    const stream = await openEvents(`${base}/v1/verifications/${id}/events`, await lookup.platformToken(client), headers);
    streams.push(stream);
    return stream;
  }

  describe('GET with prefer: wait', () => {
    it.each([
      ['this instance', () => lookup.url],
      ['another instance', () => other.httpUrl],
    ])('answers once it has ended, on %s', async (_where, base) => {
      const id = await pending();
      const waiting = wait(id, 'wait=30', base());
      heal();
      const { status, headers, body } = await waiting;
      expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=30']);
      expect(verificationSchema.parse(body)).toMatchObject({ id, status: 'complete', verdict: 'met' });
    });

    it('answers as it stands when the wait is over', async () => {
      const id = await pending();
      const { status, headers, body } = await wait(id, 'wait=1');
      expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=1']);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      expect(body).toMatchObject({ id, status: 'pending', verdict: 'undetermined' });
    });

    it('answers at once what has ended, and what nobody may see', async () => {
      heal();
      const made = await lookup.call('/v1/verifications', { method: 'POST', body: lookupBody() });
      const { headers, body } = await wait(made.body.id, 'wait=60');
      expect([headers.get('preference-applied'), body]).toEqual(['wait=60', made.body]);
      expect((await wait(randomUUID(), 'wait=60')).status).toBe(404);
      const read = await lookup.call(`/v1/verifications/${made.body.id}`);
      expect(read.headers.get('preference-applied')).toBeNull();
    });

    it('reads the right to see it anew', async () => {
      const id = await pending();
      const waiting = wait(id, 'wait=1');
      await eventually(() => lookup.ports.disclosuresAsked.has(id));
      lookup.ports.disclosureAllowed = false;
      expect((await waiting).body).toMatchObject({ code: 'verification_gone', id });
    });
  });

  describe('server-sent events', () => {
    it.each([
      ['this instance', () => lookup.url],
      ['another instance', () => other.httpUrl],
    ])('tell each state and end with the verification, on %s', async (_where, base) => {
      const id = await pending();
      const stream = await open(id, { base: base() });
      expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
      expect(await stream.next()).toMatchObject({ id: '1', event: 'verification', data: { id, status: 'pending' } });
      expect(await stream.comment()).toMatchObject({ comment: 'nothing new' });
      heal();
      const last = await stream.next();
      expect(last).toMatchObject({ id: '2', event: 'verification', data: { id, status: 'complete', verdict: 'met' } });
      expect(last?.data).toEqual((await lookup.call(`/v1/verifications/${id}`)).body);
      expect(await stream.next()).toBeUndefined();
    });

    it('go on after the last event that arrived', async () => {
      const id = await pending();
      const stream = await open(id, { headers: { 'last-event-id': '1' } });
      expect(await stream.comment()).toMatchObject({ comment: 'nothing new' });
      heal();
      expect(await stream.next()).toMatchObject({ id: '2', data: { status: 'complete' } });
      expect((await open(id, { headers: { 'last-event-id': '1' } })).status).toBe(200);
      expect((await open(id, { headers: { 'last-event-id': '2' } })).status).toBe(204);
      expect(await (await open(id, { headers: { 'last-event-id': 'none' } })).next()).toMatchObject({ id: '2' });
    });

    it('have the rules of GET: 404, 410, 406', async () => {
      const id = await pending();
      expect((await open(randomUUID())).status).toBe(404);
      expect((await open(id, { client: OTHER_PLATFORM })).status).toBe(404);
      expect((await open(id, { headers: { accept: 'application/json' } })).status).toBe(406);
      lookup.ports.disclosureAllowed = false;
      expect((await open(id)).status).toBe(410);
    });

    it('tell that it is gone once its consent is withdrawn', async () => {
      const consentId = randomUUID();
      const id = await pending({ legalBasis: { type: 'consent', consentId } });
      const stream = await open(id);
      await stream.next();
      Object.assign(lookup.ports, { disclosureAllowed: false, refusal: 'consent_withdrawn' });
      const payload = ConsentChanged.toJSON({ consentId, platform: 'x', status: 'withdrawn', sequence: 1, purpose: 'school-enrolment' });
      await lookup.bus.publish([
        {
          id: randomUUID(),
          topic: TOPICS.consent,
          key: consentId,
          sequence: 1,
          type: 'vouch.consent.withdrawn',
          source: '/vouch/consent',
          time: new Date().toISOString(),
          json: JSON.stringify(payload),
        },
      ]);
      const last = await stream.next();
      expect(last).toMatchObject({ event: 'gone', data: { code: 'verification_gone', id } });
      expect(JSON.stringify(last)).not.toContain('confirmed');
      expect(await stream.next()).toBeUndefined();
    });

    it('are bounded, for each client and in all, and leave room for requests and for others', async () => {
      const mine = await pending();
      const others = await pending({ region: '370202' }, OTHER_PLATFORM);
      const office = await pending({ legalBasis: { type: 'statutory_duty' } }, OFFICE);
      const held = [await open(mine), await open(mine), await open(mine)];
      const refused = await open(mine);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
      // A preference is not granted; the answer comes all the same.
      const unapplied = await wait(mine, 'wait=60');
      expect([unapplied.status, unapplied.headers.get('preference-applied'), unapplied.body.status]).toEqual([200, null, 'pending']);
      expect((await open(others, { client: OTHER_PLATFORM })).status).toBe(200);
      expect((await open(office, { client: OFFICE })).status).toBe(503);
      for (const stream of held) stream.close();
      await eventually(async () => (await open(office, { client: OFFICE })).status === 200);
    });
  });

  describe('WatchVerification', () => {
    const watch = async (id: string, afterSequence = 0, base: RunningLookup = lookup.running, client?: string) => {
      const port = dial(LookupServiceService, {
        address: base.grpcAddress,
        tracer: silentTracer,
        metadata: { authorization: `Bearer ${await lookup.platformToken(client)}` },
      });
      return { port, states: port.watchVerification({ id, afterSequence }, { signal: AbortSignal.timeout(30_000) }) };
    };
    const failureOf = async (id: string, client?: string) => {
      const { port, states } = await watch(id, 0, lookup.running, client);
      await using _closing = port;
      return await states[Symbol.asyncIterator]()
        .next()
        .catch((failure: unknown) => failure);
    };

    it.each([
      ['this instance', () => lookup.running],
      ['another instance', () => other],
    ])('streams each state and ends with the verification, on %s', async (_where, base) => {
      const id = await pending();
      const { port, states } = await watch(id, 0, base());
      await using _closing = port;
      const seen: [number | undefined, number][] = [];
      for await (const { verification, sequence } of states) {
        seen.push([verification?.status, sequence]);
        heal();
      }
      expect(seen).toEqual([
        [VerificationStatus.PENDING, 1],
        [VerificationStatus.COMPLETE, 2],
      ]);
      const { port: again, states: rest } = await watch(id, 1, base());
      await using _again = again;
      for await (const { sequence } of rest) seen.push([undefined, sequence]);
      expect(seen.slice(2)).toEqual([[undefined, 2]]);
    });

    it('has the same codes', async () => {
      const id = await pending();
      expect(await failureOf(id, OTHER_PLATFORM)).toMatchObject({ code: 'verification_not_found' });
      for (let held = 0; held < 3; held += 1) await open(id);
      expect(await failureOf(id)).toMatchObject({ code: 'rate_limited' });
      lookup.ports.disclosureAllowed = false;
      expect(await failureOf(id)).toMatchObject({ code: 'verification_gone' });
    });
  });

  it('ends when the instance stops: waits are answered, streams tell that they can be opened elsewhere', async () => {
    const stopping = await lookup.another();
    const id = await pending();
    const waiting = wait(id, 'wait=60', stopping.httpUrl);
    await eventually(() => lookup.ports.disclosuresAsked.has(id));
    const stream = await open(id, { base: stopping.httpUrl });
    await stream.next();
    const [answer] = await Promise.all([waiting, stopping[Symbol.asyncDispose]()]);
    expect(answer.body).toMatchObject({ id, status: 'pending' });
    expect(await stream.next()).toMatchObject({ event: 'problem', data: { code: 'unavailable', status: 503 } });
    expect(await stream.next()).toBeUndefined();
  });
});
