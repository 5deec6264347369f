import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { granted, NOW, part } from '../../test/example-consents.js';
import type { Consent, DecidedPart } from './consent.js';
import { type Circumstances, disclosureAllowed, type Redeem, type Redemption, redeem, renew } from './redemption.js';

const PERSONS = { child: ['old.child', 'p-child'], guardian: ['p-mother'] };

const ask = (changes: Partial<Redeem> = {}): Redeem => ({
  verificationId: '01890000-0000-7000-8000-00000000000a',
  platform: 'lixia-enrolment',
  purpose: 'school-enrolment',
  region: '370102',
  consentId: granted().id,
  parts: [part('child', 'police.household-registered'), part('guardian', 'housing.owns-home')],
  persons: PERSONS,
  leaseMs: 3000,
  fingerprint: 'f',
  ...changes,
});

const given = (changes: Partial<Circumstances> = {}): Circumstances => ({
  consent: granted(),
  statutoryRetentionDays: 90,
  now: NOW,
  ...changes,
});

const redemption = (changes: Partial<Redemption> = {}): Redemption => ({
  verificationId: ask().verificationId,
  consentId: granted().id,
  platform: 'lixia-enrolment',
  purpose: 'school-enrolment',
  region: '370102',
  claimTypes: ['housing.owns-home'],
  fingerprint: 'f',
  basisRef: 'b',
  retentionDays: 30,
  redeemedAt: new Date(NOW.getTime() - 60_000),
  leaseEnd: new Date(NOW.getTime() - 50_000),
  ...changes,
});

const RUNNING = redemption({ leaseEnd: new Date(NOW.getTime() + 1000) });

const codeOf = (asked: Redeem, circumstances: Circumstances) => {
  const verdict = redeem(asked, circumstances);
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
};

describe('a first redemption', () => {
  test('gives a lease from the database’s now, and says when the last use is taken', () => {
    const leaseEnd = new Date(NOW.getTime() + 3000);
    expect(redeem(ask(), given())).toEqual({ kind: 'new', leaseEnd, retentionDays: 30, spends: false });
    expect(redeem(ask(), given({ consent: granted({ uses: 2 }) }))).toMatchObject({ kind: 'new', spends: true });
  });

  test.each([
    ['consent_not_found', ask(), given({ consent: undefined })],
    ['consent_other_platform', ask({ platform: 'other' }), given({ consent: granted({ status: 'withdrawn' }) })],
    ['consent_not_granted', ask(), given({ consent: granted({ status: 'requested' }) })],
    ['consent_not_granted', ask(), given({ consent: granted({ status: 'refused' }) })],
    ['consent_expired', ask(), given({ consent: granted({ status: 'expired' }) })],
    ['consent_withdrawn', ask(), given({ consent: granted({ status: 'withdrawing' }) })],
    ['consent_withdrawn', ask(), given({ consent: granted({ status: 'withdrawn' }) })],
    ['consent_spent', ask(), given({ consent: granted({ status: 'spent' }) })],
    ['consent_spent', ask(), given({ consent: granted({ uses: 3 }) })],
    ['consent_other_purpose', ask({ purpose: 'social-survey' }), given()],
    ['consent_not_yet_valid', ask(), given({ now: new Date('2026-06-30T23:59:59.999Z') })],
    ['consent_expired', ask(), given({ now: new Date('2026-09-01T00:00:00.001Z') })],
    ['person_not_covered', ask({ persons: { ...PERSONS, child: ['p-other'] } }), given()],
    ['person_not_covered', ask({ persons: { ...PERSONS, guardian: ['p-father'] } }), given()],
    ['claim_type_not_covered', ask({ parts: [part('child', 'police.age-on')] }), given()],
    ['claim_type_not_covered', ask({ parts: [part('guardian', 'housing.owns-home', 2)] }), given()],
    ['claim_type_not_covered', ask({ parts: [part('guardian', 'police.household-registered')] }), given()],
  ])('is refused with %s', (code, asked, circumstances) => {
    expect(codeOf(asked, circumstances)).toBe(code);
  });

  test('finds people by pseudonym, whatever the lookup calls them', () => {
    const parts = [part('guardian2', 'housing.owns-home')];
    expect(codeOf(ask({ parts, persons: { guardian2: ['p-mother'] } }), given())).toBe('new');
  });

  test('uses the bounds of its time inclusively', () => {
    expect(codeOf(ask(), given({ now: granted().validFrom }))).toBe('new');
    expect(codeOf(ask(), given({ now: granted().validUntil }))).toBe('new');
  });
});

describe('the same verification again', () => {
  test('is the same lease while it runs, even when the consent has expired or is spent meanwhile', () => {
    for (const status of ['granted', 'expired', 'spent'] as const) {
      expect(redeem(ask(), given({ consent: granted({ status }), existing: RUNNING }))).toEqual({ kind: 'same', redemption: RUNNING });
    }
  });

  test('is refused from the moment of withdrawal', () => {
    for (const status of ['withdrawing', 'withdrawn'] as const) {
      expect(codeOf(ask(), given({ consent: granted({ status }), existing: RUNNING }))).toBe('consent_withdrawn');
    }
  });

  test('is renewed uncounted when its lease has ended, by the same rules', () => {
    const leaseEnd = new Date(NOW.getTime() + 3000);
    const existing = redemption();
    expect(redeem(ask(), given({ existing }))).toEqual({ kind: 'renewed', redemption: { ...existing, leaseEnd } });
    expect(codeOf(ask(), given({ existing, consent: granted({ status: 'spent', uses: 3 }) }))).toBe('renewed');
    expect(codeOf(ask(), given({ existing, consent: granted({ status: 'expired' }) }))).toBe('consent_expired');
  });

  test('is a mismatch with another request, platform or basis', () => {
    for (const existing of [redemption({ fingerprint: 'g' }), redemption({ platform: 'other' }), redemption({ consentId: undefined })]) {
      expect(codeOf(ask(), given({ existing }))).toBe('idempotency_mismatch');
    }
  });
});

describe('a renewal', () => {
  test('lasts from now on and never shortens', () => {
    expect(renew(3000, given({ existing: redemption() }))).toMatchObject({ redemption: { leaseEnd: new Date(NOW.getTime() + 3000) } });
    expect(renew(1, given({ existing: RUNNING }))).toMatchObject({ redemption: { leaseEnd: RUNNING.leaseEnd } });
  });

  test('needs a basis that holds', () => {
    const codes = (['granted', 'spent', 'expired', 'withdrawing', 'withdrawn'] as const).map((status) => {
      const verdict = renew(3000, given({ existing: redemption(), consent: granted({ status, uses: 3 }) }));
      return verdict.kind === 'refused' ? verdict.code : verdict.kind;
    });
    expect(codes).toEqual(['renewed', 'renewed', 'consent_expired', 'consent_withdrawn', 'consent_withdrawn']);
    expect(renew(3000, given())).toEqual({ kind: 'refused', code: 'verification_not_found' });
  });
});

describe('a statutory duty', () => {
  const rights = { purposes: ['school-enrolment'], statutoryPurposes: ['school-enrolment'], regions: ['3701'], claimTypes: '*' as const };
  const statutory = ask({ consentId: undefined });
  const onDuty = (changes: Partial<typeof rights> | { claimTypes: string[] }) =>
    codeOf(statutory, given({ consent: undefined, rights: { ...rights, ...changes } }));

  test('is what the catalogue grants, kept as long as the purpose says', () => {
    expect(redeem(statutory, given({ consent: undefined, rights }))).toMatchObject({ kind: 'new', retentionDays: 90, spends: false });
    expect(onDuty({ claimTypes: ['police.household-registered', 'housing.owns-home'] })).toBe('new');
  });

  test('ends where the catalogue ends it', () => {
    expect(codeOf(statutory, given({ consent: undefined }))).toBe('statutory_basis_not_granted');
    for (const less of [{ purposes: [] }, { statutoryPurposes: [] }, { regions: ['3702'] }, { claimTypes: ['housing.owns-home'] }]) {
      expect(onDuty(less)).toBe('statutory_basis_not_granted');
    }
    const existing = redemption({ consentId: undefined });
    expect(renew(1000, given({ consent: undefined, existing }))).toMatchObject({ code: 'statutory_basis_not_granted' });
    expect(renew(1000, given({ consent: undefined, existing, rights }))).toMatchObject({ kind: 'renewed' });
  });
});

test('what was disclosed may be shown until the consent is being withdrawn', () => {
  expect(disclosureAllowed(undefined)).toBe(false);
  expect(disclosureAllowed({ status: undefined })).toBe(true);
  const shown = (['granted', 'spent', 'expired', 'withdrawing', 'withdrawn'] as const).filter((status) => disclosureAllowed({ status }));
  expect(shown).toEqual(['granted', 'spent', 'expired']);
});

describe('whatever is asked of whatever consent', () => {
  /** Each breaks one rule, of a consent and an ask that are otherwise right. */
  const BREAKS: Readonly<Record<string, (consent: Consent, asked: Redeem) => readonly [Consent, Redeem]>> = {
    platform: (consent, asked) => [consent, { ...asked, platform: `${asked.platform}-other` }],
    purpose: (consent, asked) => [consent, { ...asked, purpose: `${asked.purpose}-other` }],
    requested: (consent, asked) => [{ ...consent, status: 'requested' }, asked],
    refused: (consent, asked) => [{ ...consent, status: 'refused' }, asked],
    expired: (consent, asked) => [{ ...consent, status: 'expired' }, asked],
    withdrawing: (consent, asked) => [{ ...consent, status: 'withdrawing' }, asked],
    withdrawn: (consent, asked) => [{ ...consent, status: 'withdrawn' }, asked],
    spent: (consent, asked) => [{ ...consent, status: 'spent' }, asked],
    early: (consent, asked) => [{ ...consent, validFrom: new Date(NOW.getTime() + 1) }, asked],
    late: (consent, asked) => [{ ...consent, validUntil: new Date(NOW.getTime() - 1) }, asked],
    used: (consent, asked) => [{ ...consent, uses: consent.maxUses }, asked],
    person: (consent, asked) => [consent, { ...asked, persons: { ...asked.persons, [asked.parts[0]?.subject ?? '']: ['nobody'] } }],
    claimType: (consent, asked) => [consent, { ...asked, parts: [...asked.parts, part(asked.parts[0]?.subject ?? '', 'other.claim')] }],
    version: (consent, asked) => [consent, { ...asked, parts: asked.parts.map((one) => ({ ...one, claimVersion: 99 })) }],
    undecided: (consent, asked) => [{ ...consent, parts: without(consent.parts, 'requested', asked) }, asked],
    partRefused: (consent, asked) => [{ ...consent, parts: without(consent.parts, 'refused', asked) }, asked],
  };

  const without = (parts: readonly DecidedPart[], standing: 'requested' | 'refused', asked: Redeem): DecidedPart[] =>
    parts.map((one) => (asked.parts.some((wanted) => wanted.subject === `x-${one.subject}`) ? { ...one, standing } : one));

  const anyParts = fc.uniqueArray(
    fc.record({ subject: fc.constantFrom('child', 'guardian', 'guardian2'), claimType: fc.constantFrom('a.one', 'b.two', 'c.three') }),
    { minLength: 1, maxLength: 6, selector: (one) => `${one.subject}/${one.claimType}` },
  );

  /** A consent that allows an ask: some of its parts, by other keys, within its time and uses. */
  const allowed = fc
    .record({ parts: anyParts, maxUses: fc.integer({ min: 1, max: 5 }), taken: fc.nat(), some: fc.nat() })
    .map(({ parts, maxUses, taken, some }) => {
      const decided = parts.map((one) => ({ ...part(one.subject, one.claimType), standing: 'requested' as const }));
      const consent = granted({ parts: decided, maxUses, uses: taken % maxUses });
      const asked = parts.slice(0, 1 + (some % parts.length)).map((one) => part(`x-${one.subject}`, one.claimType));
      const persons = Object.fromEntries(consent.persons.map(({ subject, pseudonym }) => [`x-${subject}`, ['older-key', pseudonym]]));
      return { consent, asked: ask({ parts: asked, persons }) };
    });

  test('it is allowed when no rule is broken', () => {
    fc.assert(fc.property(allowed, ({ consent, asked }) => codeOf(asked, given({ consent })) === 'new'));
  });

  test('it is never allowed when any rule is broken, alone or with others', () => {
    const broken = fc.uniqueArray(fc.constantFrom(...Object.keys(BREAKS)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(allowed, broken, (right, names) => {
        const [consent, asked] = names.reduce<readonly [Consent, Redeem]>(
          ([one, other], name) => BREAKS[name]?.(one, other) ?? [one, other],
          [right.consent, right.asked],
        );
        return redeem(asked, given({ consent })).kind === 'refused';
      }),
    );
  });

  test('uses never pass the most that was granted, however many ask', () => {
    fc.assert(
      fc.property(allowed, fc.integer({ min: 1, max: 12 }), ({ consent, asked }, times) => {
        let state = consent;
        for (let i = 0; i < times; i += 1) {
          const verdict = redeem({ ...asked, verificationId: String(i) }, given({ consent: state }));
          if (verdict.kind !== 'new') continue;
          state = { ...state, uses: state.uses + 1, status: verdict.spends ? 'spent' : state.status };
        }
        expect(state.uses).toBe(Math.min(consent.maxUses, consent.uses + times));
        expect(state.status).toBe(state.uses === state.maxUses ? 'spent' : 'granted');
      }),
    );
  });
});
