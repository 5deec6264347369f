import { describe, expect, it } from 'vitest';
import { type AgencyOutcome, type Finding, unavailable } from './claim.js';
import { combineFindings } from './combine.js';

const found = (outcome: AgencyOutcome, disclosures: Finding['disclosures'] = {}, asOf?: string): Finding<AgencyOutcome> => ({
  outcome,
  disclosures,
  retryable: false,
  ...(asOf ? { asOf } : {}),
});

describe('combineFindings', () => {
  it('given one provider, is what it said', () => {
    const only = found('confirmed', { share: 50 }, '2026-08-01');
    expect(combineFindings([only], 'confirmed')).toBe(only);
  });

  it('is as of the earliest day of those that decide, and shows what they agree on', () => {
    const findings = [
      found('refuted', { months: 3, lapsed: true }, '2026-08-01'),
      found('refuted', { months: 5, lapsed: true }, '2026-07-01'),
    ];
    expect(combineFindings(findings, 'refuted')).toEqual({
      outcome: 'refuted',
      asOf: '2026-07-01',
      disclosures: { lapsed: true },
      retryable: false,
    });
  });

  it('shows nothing of a provider that does not decide', () => {
    expect(combineFindings([found('refuted', { months: 0 }), found('confirmed', { months: 12 })], 'confirmed')).toMatchObject({
      disclosures: { months: 12 },
    });
  });

  it('stays retryable when one provider is away for a while and another for good', () => {
    expect(combineFindings([unavailable('no_provider', false), unavailable('agency_timeout', true)], 'unavailable')).toMatchObject({
      reason: 'agency_timeout',
      retryable: true,
    });
  });
});
