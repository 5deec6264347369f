import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHILD, GUARDIAN } from './example-people.js';
import { type LookupUnderTest, lookupBody, SMALL_PLATFORM, startLookupUnderTest } from './lookup-under-test.js';

let lookup: LookupUnderTest;

beforeAll(async () => {
  lookup = await startLookupUnderTest({ config: { failedSignInsPerMinute: 1_000 } });
});
afterAll(() => lookup?.[Symbol.asyncDispose]());

const post = (body: unknown, headers: Record<string, string> = {}) => lookup.call('/v1/verifications', { method: 'POST', body, headers });

describe('a faulty request', () => {
  it('is answered with every fault at once, by JSON pointer, and echoes nothing', async () => {
    const wrongCheckDigit = `${CHILD.idNumber.slice(0, 17)}${CHILD.idNumber.endsWith('1') ? '2' : '1'}`;
    const { status, body, headers } = await post({
      purpose: 'no-such-purpose',
      region: '370199',
      claims: [
        { type: 'housing.owns-home', subject: 'guardian', parameters: { region: '370102', minimumShare: 'half', colour: 'red' } },
        { type: 'no.such-type', subject: 'sibling1', with: { guardian: 'grandparent1' } },
        { type: 'police.guardian-of', version: 99, subject: 'child' },
        { type: 'police.guardian-of', subject: 'child', with: { aunt: 'guardian' } },
        'not a claim',
      ],
      subjects: {
        child: { idNumber: wrongCheckDigit, name: '' },
        guardian: { idNumber: '12345', name: '名'.repeat(101), phone: '1' },
        '375001198802143456': { idNumber: GUARDIAN.idNumber, name: GUARDIAN.name },
        sibling2: { idNumber: GUARDIAN.idNumber },
      },
      legalBasis: { type: 'consent', consentId: 'not-a-uuid' },
      timeBudgetMs: 10,
      extra: true,
    });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)).toEqual(
      expect.arrayContaining([
        '/purpose unknown_purpose',
        '/region unknown_region',
        '/claims/0/parameters/minimumShare type_wrong',
        '/claims/0/parameters/colour unknown_field',
        '/claims/1/type unknown_claim_type',
        '/claims/1/subject subject_missing',
        '/claims/1/with/guardian subject_missing',
        '/claims/2/version unknown_claim_version',
        '/claims/3/with/aunt unknown_role',
        '/claims/3/with/guardian required',
        '/claims/4 type_wrong',
        '/subjects/child/idNumber id_number_check_digit',
        '/subjects/child/name name_empty',
        '/subjects/guardian/idNumber id_number_length',
        '/subjects/guardian/name name_too_long',
        '/subjects/guardian/phone unknown_field',
        '/subjects/? unknown_subject',
        '/subjects/sibling2/name required',
        '/legalBasis/consentId format_invalid',
        '/timeBudgetMs too_small',
        '/extra unknown_field',
      ]),
    );
    const text = JSON.stringify(body);
    for (const value of [wrongCheckDigit, '12345', '375001198802143456', GUARDIAN.idNumber, GUARDIAN.name, '名名', 'not-a-uuid', 'half']) {
      expect(text).not.toContain(value);
    }
  });

  it.each([
    ['both a requirement set and claims', { requirementSet: '370102/primary/2026' }, '/claims requirement_set_or_claims'],
    ['neither', { claims: undefined }, ' requirement_set_or_claims'],
    ['an unknown requirement set', { claims: undefined, requirementSet: 'x' }, '/requirementSet unknown_requirement_set'],
    [
      'a requirement set whose people are not all there',
      { claims: undefined, requirementSet: '370102/primary/2026', subjects: { child: CHILD } },
      '/subjects/guardian required',
    ],
    ['an unknown legal basis', { legalBasis: { type: 'curiosity' } }, '/legalBasis/type value_not_allowed'],
    ['a name of spaces', { subjects: { child: CHILD, guardian: { ...GUARDIAN, name: '  ' } } }, '/subjects/guardian/name name_empty'],
  ])('given %s, says so', async (_what, overrides, fault) => {
    const { status, body } = await post(lookupBody(overrides));
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)).toContain(fault);
  });

  it('counts characters, not UTF-16 units, in names', async () => {
    const { body } = await post(lookupBody({ subjects: { child: CHILD, guardian: { ...GUARDIAN, name: '𠀀'.repeat(100) } } }));
    expect(body.errors ?? []).toEqual([]);
  });
});

describe('each way to go wrong has its status and code', () => {
  const send = (path: string, init: RequestInit) => fetch(`${lookup.url}${path}`, init);
  const authorized = async (headers: Record<string, string> = {}) => ({
    authorization: `Bearer ${await lookup.platformToken()}`,
    ...headers,
  });
  const outcome = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

  it('400 for malformed JSON, 413, 415', async () => {
    const json = await authorized({ 'content-type': 'application/json' });
    expect(await outcome(await send('/v1/verifications', { method: 'POST', headers: json, body: '{"purpose": ' }))).toEqual([
      400,
      'body_malformed',
    ]);
    expect(
      await outcome(await send('/v1/verifications', { method: 'POST', headers: json, body: Buffer.from([0x22, 0xff, 0x22]) })),
    ).toEqual([400, 'body_malformed']);
    expect(await outcome(await send('/v1/verifications', { method: 'POST', headers: json, body: '{"__proto__": {}}' }))).toEqual([
      400,
      'body_malformed',
    ]);
    const large = JSON.stringify({ purpose: 'x'.repeat(300_000) });
    expect(await outcome(await send('/v1/verifications', { method: 'POST', headers: json, body: large }))).toEqual([413, 'body_too_large']);
    const text = await authorized({ 'content-type': 'text/plain' });
    expect(await outcome(await send('/v1/verifications', { method: 'POST', headers: text, body: '{}' }))).toEqual([
      415,
      'content_type_unsupported',
    ]);
  });

  it('404 for an unknown address, 405 with Allow, 406', async () => {
    expect(await outcome(await send('/v1/nothing', {}))).toEqual([404, 'route_not_found']);
    const wrongMethod = await send('/v1/verifications/0193f4a0-0000-7000-8000-000000000001', { method: 'DELETE' });
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD');
    expect(await outcome(wrongMethod)).toEqual([405, 'method_not_allowed']);
    expect(await outcome(await send('/v1/verifications', { method: 'PUT', body: 'x' }))).toEqual([405, 'method_not_allowed']);
    const accept = await authorized({ accept: 'text/csv' });
    expect(await outcome(await send('/v1/verifications/x', { headers: accept }))).toEqual([406, 'not_acceptable']);
    expect(await outcome(await send('/v1/%zz', {}))).toEqual([400, 'request_invalid']);
  });

  it('401 for no token, a forged one, one of another audience, an expired one', async () => {
    const none = await lookup.call('/v1/verifications/x', { token: null });
    expect([none.status, none.body.code]).toEqual([401, 'unauthenticated']);
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const real = await lookup.platformToken();
    const forged = `${real.slice(0, -8)}AAAAAAAA`;
    expect((await lookup.call('/v1/verifications/x', { token: forged })).status).toBe(401);
    const own = await new SignJWT({ client_id: 'jinan-enrolment', scope: 'verifications:read' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer(lookup.issuer.issuer)
      .setAudience('vouch')
      .setSubject('jinan-enrolment')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a secret that the issuer does not have'));
    expect((await lookup.call('/v1/verifications/x', { token: own })).body.code).toBe('unauthenticated');
  });

  it('403 for a missing scope, the wrong kind of caller, an unknown client, a missing right', async () => {
    const narrow = await lookup.platformToken(undefined, 'verifications:read');
    expect((await lookup.call('/v1/verifications', { method: 'POST', token: narrow, body: lookupBody() })).body.code).toBe('scope_missing');
    const unknown = await lookup.platformToken('nobody-knows-me');
    expect((await lookup.call('/v1/verifications/x', { token: unknown })).body.code).toBe('client_unknown');
    for (const [overrides, code] of [
      [{ purpose: 'enrolment-review' }, 'purpose_not_allowed'],
      [{ region: '370202' }, 'region_not_allowed'],
    ] as const) {
      const { status, body } = await post(lookupBody(overrides));
      expect([status, body.code]).toEqual([403, code]);
      expect((await lookup.call(`/v1/verifications/${body.verificationId}`)).body).toMatchObject({ status: 'refused', code });
    }
    const small = await lookup.platformToken(SMALL_PLATFORM);
    const asked = await lookup.call('/v1/verifications', {
      method: 'POST',
      token: small,
      body: lookupBody({ purpose: 'school-transfer' }),
    });
    expect([asked.status, asked.body.code]).toEqual([403, 'claim_type_not_allowed']);
  });

  it('429 with Retry-After when a client is too fast, and others are served', async () => {
    const small = await lookup.platformToken(SMALL_PLATFORM);
    const answers = await Promise.all(Array.from({ length: 20 }, () => lookup.call('/v1/verifications/x', { token: small })));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.body.code).toBe('rate_limited');
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await lookup.call('/v1/verifications/x')).status).toBe(404);
  });

  it('answers what is no HTTP, and a head that is too large, with a problem', async () => {
    const { port, hostname } = new URL(lookup.url);
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let heard = '';
        const socket = connect(Number(port), hostname, () => socket.write(text));
        socket.on('data', (chunk) => {
          heard += chunk;
        });
        socket.on('close', () => resolve(heard));
        socket.on('error', reject);
      });
    expect(await say('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"request_invalid"/);
    expect(await say(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/,
    );
  });

  it('503 when too much is under way', async () => {
    await lookup.restart({ maxInFlight: 1 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(lookupBody())));
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.body.code).toBe('overloaded');
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    await lookup.restart();
  });
});

describe('what is there to read', () => {
  it('is the catalogue, for everyone who is signed in, without clients and providers, and with an ETag', async () => {
    const { status, body, headers } = await lookup.call('/v1/catalogue');
    expect(status).toBe(200);
    expect(body.claimTypes.map(({ name }: { name: string }) => name)).toContain('housing.owns-home');
    expect(JSON.stringify(body)).not.toContain('requestsPerSecond');
    const etag = headers.get('etag') ?? '';
    expect((await lookup.call('/v1/catalogue', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('is the OpenAPI description and the reference page, which needs nothing from elsewhere', async () => {
    const { body } = await lookup.call('/openapi.json', { token: null });
    expect(body.openapi).toMatch(/^3\.1/);
    const page = await fetch(`${lookup.url}/docs/`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(page.headers.get('content-security-policy')).toContain("'self'");
    for (const [, path] of html.matchAll(/(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/g)) {
      expect((await fetch(new URL(path ?? '', `${lookup.url}/docs/`))).status).toBe(200);
    }
  });

  it('is whether it lives and is ready, and which part is not', async () => {
    expect((await lookup.call('/health/live', { token: null })).body).toEqual({ status: 'live' });
    const ready = await lookup.call('/health/ready', { token: null });
    expect([ready.status, ready.body]).toEqual([
      200,
      {
        status: 'ready',
        parts: { edge: 'ready', store: 'ready', bus: 'ready', consent: 'ready', relay: 'ready', audit: 'ready', issuer: 'ready' },
        catalogue: { version: lookup.catalogue.version },
      },
    ]);
    lookup.ports.away = true;
    const not = await lookup.call('/health/ready', { token: null });
    expect(not.status).toBe(503);
    expect(not.body.parts).toMatchObject({ consent: 'unavailable', audit: 'unavailable', store: 'ready' });
    lookup.ports.away = false;
  });

  it('every answer names its trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { headers } = await lookup.call('/v1/catalogue', { token: null, headers: { traceparent } });
    expect(headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(headers.get('traceresponse')).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
  });
});
