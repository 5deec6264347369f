import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from './audit-record.js';
import { looksOf, type Recorded } from './looks.js';

const at = (second: number) => new Date(Date.UTC(2026, 7, 1, 8, 0, second));

const record = (action: string, changes: Partial<AuditRecord> = {}, second = 0): Recorded => ({
  record: {
    verificationId: 'v1',
    consentId: 'c1',
    action,
    platform: 'p',
    purpose: 'school-enrolment',
    region: '370102',
    legalBasis: 'consent',
    code: '',
    persons: [],
    ...changes,
  },
  at: at(second),
  sequence: 1,
});

const CHILD = { pseudonym: 'k1.child', claimTypes: ['police.age-on'] };

describe('records of one verification make one look', () => {
  const redeemed = record('redeemed', { persons: [CHILD], leaseEnd: at(5) }, 1);
  const renewed = record('redeemed', { leaseEnd: at(60) }, 50);
  const answered = record('answered', { persons: [{ ...CHILD, claimTypes: ['police.guardian-of'] }] }, 3);

  test('with the earliest time, the latest lease, all claim types, and whether it was answered', () => {
    expect(looksOf([redeemed, answered, renewed])).toMatchObject([{ at: at(1), leaseEnd: at(60), answered: true, platform: 'p' }]);
    expect(looksOf([redeemed, answered])[0]?.persons).toEqual(new Map([['k1.child', ['police.age-on', 'police.guardian-of']]]));
  });

  test('whatever order they come in', () => {
    const all = [redeemed, renewed, answered, record('refused', { code: 'consent_withdrawn' }, 70), record('closed', {}, 80)];
    const [expected] = looksOf(all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(looksOf(shuffled)).toEqual([expected]);
      }),
    );
  });

  test('with the last number of each writer', () => {
    const [look] = looksOf([
      { ...redeemed, writer: 'consent', sequence: 2 },
      { ...redeemed, writer: 'consent', sequence: 1 },
      { ...answered, writer: 'lookup', sequence: 3 },
      { ...answered, sequence: 9 },
    ]);
    expect(look?.sequences).toEqual({ consent: 2, lookup: 3 });
  });

  test('a refusal keeps its code; what is only redeemed has no end', () => {
    expect(looksOf([record('refused', { code: 'person_not_covered' })])).toMatchObject([
      { answered: false, refusal: 'person_not_covered' },
    ]);
    const [open] = looksOf([redeemed]);
    expect(open).toMatchObject({ answered: false });
    expect(open).not.toHaveProperty('refusal');
  });
});

test('verifications stay apart, and consents are no looks', () => {
  const looks = looksOf([
    record('redeemed'),
    record('redeemed', { verificationId: 'v2' }),
    record('consent_granted', { verificationId: '' }),
  ]);
  expect(looks.map((look) => look.verificationId)).toEqual(['v1', 'v2']);
});
