import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DevIssuer, PORTAL_CLIENT, startDevIssuer } from './dev-issuer.js';

const person = { idNumber: '375001199001011233', name: '合成一' };
let folder: string;
let issuer: DevIssuer;

const start = () =>
  startDevIssuer({
    host: '127.0.0.1',
    port: 0,
    secretsFile: join(folder, 'issuer.json'),
    audience: 'vouch',
    platforms: ['platform-a'],
    findPerson: (idNumber) => (idNumber === person.idNumber ? person : undefined),
  });

const basic = (clientId: string) => `Basic ${Buffer.from(`${clientId}:${issuer.secretOf(clientId)}`).toString('base64')}`;

const askToken = (authorization: string, form: Record<string, string>) =>
  fetch(issuer.tokenEndpoint, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) });

const signIn = async (): Promise<string> => {
  const answer = await askToken(basic(PORTAL_CLIENT), { grant_type: 'password', username: person.idNumber, password: person.name });
  return ((await answer.json()) as { access_token: string }).access_token;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'issuer-'));
  issuer = await start();
});
afterAll(async () => {
  await issuer[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

it('gives a platform a token that names it as client and subject', async () => {
  const answer = await askToken(basic('platform-a'), { grant_type: 'client_credentials' });
  const { access_token, scope } = (await answer.json()) as { access_token: string; scope: string };
  expect(decodeJwt(access_token)).toMatchObject({ sub: 'platform-a', client_id: 'platform-a', aud: 'vouch', iss: issuer.issuer });
  expect(scope).toContain('verifications:write');
});

it('refuses a wrong secret, an unknown client and a grant that is not for this client', async () => {
  expect((await askToken('Basic cGxhdGZvcm0tYTp3cm9uZw==', { grant_type: 'client_credentials' })).status).toBe(401);
  expect((await askToken('Basic bm9ib2R5Og==', { grant_type: 'client_credentials' })).status).toBe(401);
  expect((await askToken(basic('platform-a'), { grant_type: 'password', username: person.idNumber, password: person.name })).status).toBe(
    400,
  );
});

it('gives a person an opaque subject, and UserInfo to that person alone', async () => {
  const token = await signIn();
  const claims = decodeJwt(token);
  expect(JSON.stringify(claims)).not.toContain(person.idNumber);
  const info = await fetch(`${issuer.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  expect(await info.json()).toEqual({ sub: claims.sub, id_number: person.idNumber, name: person.name });
  expect((await fetch(`${issuer.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}x` } })).status).toBe(401);
});

it('does not sign in someone under another name', async () => {
  const answer = await askToken(basic(PORTAL_CLIENT), { grant_type: 'password', username: person.idNumber, password: '合成二' });
  expect(await answer.json()).toEqual({ error: 'invalid_grant' });
});

it('keeps its keys over a restart, readable by the owner only', async () => {
  const before = decodeJwt(await signIn()).sub;
  const secret = issuer.secretOf('platform-a');
  await issuer[Symbol.asyncDispose]();
  issuer = await start();
  expect(decodeJwt(await signIn()).sub).toBe(before);
  expect(issuer.secretOf('platform-a')).toBe(secret);
  expect((await stat(join(folder, 'issuer.json'))).mode & 0o777).toBe(0o600);
});
