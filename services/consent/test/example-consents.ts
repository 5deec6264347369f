import type { Consent, Part, Person } from '../src/domain/consent.js';
import type { Ages } from '../src/domain/who-may-decide.js';

// Examples for tests; the ids mean nothing.

/** Someone by one pseudonym. */
export const person = (pseudonym: string): Person => ({ pseudonyms: [pseudonym] });

/** A part. */
export const part = (subject: string, claimType: string, claimVersion = 1): Part => ({ subject, claimType, claimVersion });

/** A family: a child of six, two parents and a grandmother. */
export const FAMILY = [
  { subject: 'child', pseudonym: 'p-child' },
  { subject: 'guardian', pseudonym: 'p-mother' },
  { subject: 'guardian2', pseudonym: 'p-father' },
  { subject: 'grandparent1', pseudonym: 'p-grandmother' },
] as const;

/** Their ages. */
export const AGES: Ages = { child: 6, guardian: 34, guardian2: 36, grandparent1: 61 };

/** An instant within the example's time. */
export const NOW = new Date('2026-08-01T10:00:00Z');

/** A consent that nobody has decided yet. */
export function requested(changes: Partial<Consent> = {}): Consent {
  return {
    id: '01890000-0000-7000-8000-000000000001',
    status: 'requested',
    platform: 'lixia-enrolment',
    purpose: 'school-enrolment',
    parts: [
      { ...part('child', 'police.household-registered'), standing: 'requested' },
      { ...part('guardian', 'housing.owns-home'), standing: 'requested' },
    ],
    persons: FAMILY,
    validFrom: new Date('2026-07-01T00:00:00Z'),
    validUntil: new Date('2026-09-01T00:00:00Z'),
    maxUses: 3,
    uses: 0,
    retentionDays: 30,
    createdAt: new Date('2026-07-01T00:00:00Z'),
    ...changes,
  };
}

/** The same consent, granted. */
export function granted(changes: Partial<Consent> = {}): Consent {
  const at = new Date('2026-07-02T00:00:00Z');
  const parts = requested(changes).parts.map((one) => ({ ...one, standing: 'granted' as const, decidedAt: at, decidedBy: 'p-mother' }));
  return requested({ status: 'granted', grantedAt: at, ...changes, parts });
}
