import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LookupUnderTest, lookupBody, startLookupUnderTest } from './lookup-under-test.js';

const OWNS_HOME = { type: 'housing.owns-home', subject: 'guardian', parameters: { region: '370102', minimumShare: 50 } };

let lookup: LookupUnderTest;
beforeAll(async () => {
  lookup = await startLookupUnderTest();
});
afterAll(() => lookup?.[Symbol.asyncDispose]());

it('an agency’s quota of a day is not given anew to a service that starts again', async () => {
  const { housing } = lookup.providers;
  const ask = async () => {
    const { body } = await lookup.call('/v1/verifications', { method: 'POST', body: lookupBody({ claims: [OWNS_HOME] }) });
    return body.claims[0].reason ?? body.claims[0].outcome;
  };
  housing.allow(3);
  // It is told its quota when it connects.
  await lookup.restart();
  expect([await ask(), await ask()]).toEqual(['confirmed', 'confirmed']);
  await lookup.restart();
  expect([await ask(), await ask()]).toEqual(['confirmed', 'quota_exhausted']);
  await lookup.restart();
  expect(await ask()).toBe('quota_exhausted');
  expect(housing.asked.get('housing.owns-home')).toBe(3);
});
