import { describe, expect, it } from 'vitest';
import type { Claim } from './claim.js';
import { planClaims, planRequirementSet, touchedParts } from './plan.js';

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
  it('asks a claim that alternatives share once', () => {
    const shuffled = { ...ownsHome, parameters: { minimumShare: 50, region: '370102' } };
    const plan = planRequirementSet({
      id: 'set',
      alternatives: [
        { id: 'home', allOf: [guardianOf, ownsHome] },
        { id: 'lease', allOf: [guardianOf, lease, shuffled] },
      ],
    });
    expect(plan.claims).toEqual([guardianOf, ownsHome, lease]);
    expect(plan.alternatives).toEqual([
      { id: 'home', allOf: [0, 1] },
      { id: 'lease', allOf: [0, 2, 1] },
    ]);
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
