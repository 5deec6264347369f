import { randomBytes, randomUUID } from 'node:crypto';
import { loadCatalogue } from '@vouch/catalogue';
import { type Keyring, readKeyring } from '@vouch/identity';
import { expect, it } from 'vitest';
import type { ConsentRequest } from '../src/consenting/consent-request.js';
import { createConsents } from '../src/consenting/consents.js';
import { PLATFORM } from './lookup-under-test.js';
import { createScriptedPorts } from './scripted-ports.js';

const k1 = randomBytes(32).toString('base64');
const k2 = randomBytes(32).toString('base64');
const before = readKeyring(JSON.stringify({ current: 'k1', keys: { k1 } }));
const after = readKeyring(JSON.stringify({ current: 'k2', keys: { k1, k2 } }));

const request: ConsentRequest = {
  purpose: 'school-enrolment',
  parts: [],
  people: {},
  validFrom: new Date(),
  validUntil: new Date(Date.now() + 86_400_000),
  maxUses: 3,
  retentionDays: 180,
  canonical: '{"purpose":"school-enrolment"}',
};

it('finds the consent of an idempotency key that was used before a rotation, and tells another request from it', async () => {
  const catalogue = await loadCatalogue();
  const { consent: port } = createScriptedPorts();
  const viewers = { viewerOf: () => Promise.reject(new Error('no person calls')) };
  const ask = (keyring: Keyring, idempotencyKey: string, canonical = request.canonical) =>
    createConsents({ port, catalogues: { current: catalogue }, keyring, viewers }).request({
      clientId: PLATFORM,
      request: { ...request, canonical },
      idempotencyKey,
    });
  const key = randomUUID();
  const { id } = await ask(before, key);
  expect((await ask(after, key)).id).toBe(id);
  await expect(ask(after, key, '{"purpose":"another"}')).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  // A key that was not used before gets an id by the new key, which is found as well.
  const fresh = randomUUID();
  const made = await ask(after, fresh);
  expect((await ask(after, fresh)).id).toBe(made.id);
  expect((await ask(before, fresh)).id).not.toBe(made.id);
});
