import { type Answer, ProblemError } from '@vouch/client';
import { VouchError } from '@vouch/errors';
import { LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { beforeAll, describe, expect, it } from 'vitest';
import { familyThat, grantedConsent, lookupOf } from '../lookups.js';
import type { VouchUnderTest } from '../vouch-under-test.js';

type Caller = 'its platform' | 'another platform' | 'the guardian' | 'a stranger' | 'nobody';
type Thing = 'verification' | 'verification over gRPC' | 'consent' | 'own subjects' | 'access log' | 'catalogue';

const CALLERS: readonly Caller[] = ['its platform', 'another platform', 'the guardian', 'a stranger', 'nobody'];

/** What each kind of caller gets for each kind of thing: `seen`, or the code of the refusal. */
const EXPECTED: Readonly<Record<Thing, Readonly<Record<Caller, string>>>> = {
  verification: {
    'its platform': 'seen',
    'another platform': 'verification_not_found',
    'the guardian': 'scope_missing',
    'a stranger': 'scope_missing',
    nobody: 'unauthenticated',
  },
  'verification over gRPC': {
    'its platform': 'seen',
    'another platform': 'verification_not_found',
    'the guardian': 'scope_missing',
    'a stranger': 'scope_missing',
    nobody: 'unauthenticated',
  },
  consent: {
    'its platform': 'seen',
    'another platform': 'consent_not_found',
    'the guardian': 'seen',
    'a stranger': 'consent_not_found',
    nobody: 'unauthenticated',
  },
  'own subjects': {
    'its platform': 'scope_missing',
    'another platform': 'scope_missing',
    'the guardian': 'seen',
    'a stranger': 'seen',
    nobody: 'unauthenticated',
  },
  'access log': {
    'its platform': 'scope_missing',
    'another platform': 'scope_missing',
    'the guardian': 'seen',
    'a stranger': 'subject_not_found',
    nobody: 'unauthenticated',
  },
  catalogue: {
    'its platform': 'seen',
    'another platform': 'seen',
    'the guardian': 'seen',
    'a stranger': 'seen',
    nobody: 'unauthenticated',
  },
};

/** Who sees what: each pair of a kind of caller and a kind of thing. */
export function visibilityScenarios(vouch: () => VouchUnderTest): void {
  let things: Record<Exclude<Thing, 'verification over gRPC'>, string> & { id: string };

  const tokenOf = async (caller: Caller): Promise<string> => {
    const stranger = familyThat(vouch(), 'not_met').guardian;
    switch (caller) {
      case 'its platform':
        return vouch().platform().token();
      case 'another platform':
        return vouch().platform(vouch().demo.otherPlatform).token();
      case 'the guardian':
        return vouch().person(familyThat(vouch(), 'met').guardian).token();
      case 'a stranger':
        return vouch().person(stranger).token();
      case 'nobody':
        return '';
    }
  };

  async function read(thing: Thing, token: string): Promise<string> {
    if (thing === 'verification over gRPC') {
      await using port = dial(LookupServiceService, { address: vouch().demo.lookupGrpcAddress, tracer: silentTracer });
      try {
        await port.getVerification(
          { id: things.id },
          { signal: AbortSignal.timeout(5_000), metadata: { authorization: `Bearer ${token}` } },
        );
        return 'seen';
      } catch (failure) {
        return failure instanceof VouchError ? failure.code : String(failure);
      }
    }
    const answer = await fetch(`${vouch().demo.httpUrl}${things[thing]}`, { headers: { authorization: `Bearer ${token}` } });
    return answer.ok ? 'seen' : ((await answer.json()) as { code: string }).code;
  }

  describe('who sees what', () => {
    beforeAll(async () => {
      const family = familyThat(vouch(), 'met');
      const consent = await grantedConsent(vouch(), family);
      const { body } = await vouch()
        .platform()
        .verify(lookupOf(vouch(), family, consent));
      const { subjects } = (await vouch().person(family.guardian).accessSubjects()).body;
      const child = subjects.find((subject) => subject.relation === 'child')?.subjectRef ?? '';
      things = {
        id: body.id,
        verification: `/v1/verifications/${body.id}`,
        consent: `/v1/consents/${consent}`,
        'own subjects': '/v1/access-log/subjects',
        'access log': `/v1/access-log/${child}`,
        catalogue: '/v1/catalogue',
      };
    });

    const pairs = Object.keys(EXPECTED).flatMap((thing) => CALLERS.map((caller) => [caller, thing] as [Caller, Thing]));
    it.each(pairs)('%s asks for: %s', async (caller, thing) => {
      expect(await read(thing, await tokenOf(caller))).toBe(EXPECTED[thing][caller]);
    });

    it('lets only people decide, and only platforms ask', async () => {
      const family = familyThat(vouch(), 'met');
      const codeOf = (call: Promise<Answer<unknown>>) =>
        call.then(
          () => 'done',
          (failure: unknown) => (failure instanceof ProblemError ? failure.problem.code : String(failure)),
        );
      const asPlatform = vouch().platform().call;
      const asPerson = vouch().person(family.guardian).call;
      for (const decision of ['grant', 'refuse', 'withdraw']) {
        expect(await codeOf(asPlatform(`${things.consent}/${decision}`, { method: 'POST', body: {} }))).toBe('scope_missing');
      }
      expect(await codeOf(asPerson('/v1/verifications', { method: 'POST', body: {} }))).toBe('scope_missing');
      expect(await codeOf(asPerson('/v1/consents', { method: 'POST', body: {} }))).toBe('scope_missing');
    });
  });
}
