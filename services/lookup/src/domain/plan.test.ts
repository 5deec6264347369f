import { type Condition, compileRequirementSet } from '@vouch/rules';
import { describe, expect, it } from 'vitest';
import type { Claim, Finding } from './claim.js';
import { planClaims, planRequirementSet, touchedParts } from './plan.js';
import { assess } from './progress.js';

const [confirmed, refuted] = (['confirmed', 'refuted'] as const).map(
  (outcome): Finding => ({ outcome, disclosures: {}, retryable: false }),
) as [Finding, Finding];

const guardianOf: Claim = {
  type: 'police.guardian-of',
  version: 1,
  agency: 'police',
  subject: 'child',
  with: { guardian: 'guardian' },
  parameters: {},
};
const ownsHome: Claim = {
  type: 'housing.owns-home',
  version: 1,
  agency: 'housing',
  subject: 'guardian',
  with: {},
  parameters: { region: '370102', minimumShare: 50 },
};
const lease: Claim = { ...ownsHome, type: 'housing.registered-lease', parameters: { region: '370102' } };

describe('planRequirementSet', () => {
  const claim = ({ agency: _, ...rest }: Claim) => rest;
  const text = { 'zh-CN': 'x', en: 'x' };
  const set = (...conditions: Condition[]) =>
    compileRequirementSet({
      id: '370102/primary/2026',
      title: text,
      region: '370102',
      purpose: 'school-enrolment',
      categories: conditions.map((when, index) => ({ id: `category-${index}`, title: text, when })),
    }).plan({ entryYear: 2026, applicationDate: '2026-06-15', people: new Set(['child', 'guardian']) });
  const asks = ({ type, version, subject, with: involved, parameters }: Claim): Condition => ({
    type,
    version,
    subject,
    with: involved,
    parameters: parameters as Record<string, string>,
  });
  const agencyOf = (type: string) => type.split('.')[0] as string;

  it('asks a claim that alternatives share once', () => {
    const shuffled = { ...ownsHome, parameters: { minimumShare: 50, region: '370102' } };
    const planned = set({ allOf: [asks(guardianOf), asks(ownsHome)] }, { allOf: [asks(guardianOf), asks(lease), asks(shuffled)] });
    const plan = planRequirementSet(planned, agencyOf);
    expect(plan.claims.map(claim)).toEqual([guardianOf, ownsHome, lease].map(claim));
    expect(plan.claims.map(({ agency }) => agency)).toEqual(['police', 'housing', 'housing']);
    expect(plan.alternatives).toEqual([
      { id: 'category-0', allOf: [0, 1] },
      { id: 'category-1', allOf: [0, 2, 1] },
    ]);
  });

  it('keeps what is more than claims that must all hold', () => {
    const plan = planRequirementSet(set({ allOf: [asks(guardianOf), { anyOf: [asks(ownsHome), asks(lease)] }] }), agencyOf);
    expect(plan.alternatives).toMatchObject([
      { when: { kind: 'all', of: [{ claim: 0 }, { kind: 'any', of: [{ claim: 1 }, { claim: 2 }] }] } },
    ]);
    expect(assess({ ...plan }, [confirmed, refuted, confirmed]).verdict.result).toBe('met');
    expect(assess({ ...plan }, [confirmed, refuted, refuted]).verdict.result).toBe('not_met');
  });
});

describe('planClaims', () => {
  it('means all of them', () => {
    expect(planClaims([guardianOf, ownsHome]).alternatives).toEqual([{ id: 'claims', allOf: [0, 1] }]);
  });
});

describe('touchedParts', () => {
  it('has a part for the subject and one for each person involved, once', () => {
    expect(touchedParts([guardianOf, ownsHome, ownsHome])).toEqual([
      { subject: 'child', claimType: 'police.guardian-of', claimVersion: 1 },
      { subject: 'guardian', claimType: 'police.guardian-of', claimVersion: 1 },
      { subject: 'guardian', claimType: 'housing.owns-home', claimVersion: 1 },
    ]);
  });
});
