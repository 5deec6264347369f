import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, type Outcome, unavailable } from './claim.js';
import { assess } from './progress.js';

const found = (outcome: Outcome): Finding => ({ outcome, disclosures: {}, retryable: false });
const down = unavailable('agency_timeout', true);
const nobody = unavailable('no_provider', false);

const explicit = (claims: number) => ({ alternatives: [{ id: 'claims', allOf: Array.from({ length: claims }, (_, index) => index) }] });
const homeOrLease = {
  requirementSet: '370102/primary/2026',
  alternatives: [
    { id: 'home', allOf: [0, 1] },
    { id: 'lease', allOf: [0, 2] },
  ],
};

const anyFinding = fc.oneof(
  fc.constantFrom<Outcome>('confirmed', 'refuted', 'not_found', 'ambiguous').map(found),
  fc.constant(down),
  fc.constant(nobody),
);

describe('assess', () => {
  it('given an answer to every claim, is complete, even when a person must look', () => {
    expect(assess(explicit(2), [found('confirmed'), found('ambiguous')])).toMatchObject({ status: 'complete', retryable: [] });
  });

  it('given explicit claims, waits for each of them, even when one refuted decides the verdict', () => {
    const progress = assess(explicit(2), [found('refuted'), down]);
    expect(progress).toMatchObject({ status: 'pending', retryable: [1], verdict: { result: 'not_met' } });
  });

  it('given a claim that nobody answers for, is closed: not complete, and not asked again', () => {
    expect(assess(explicit(2), [found('confirmed'), nobody])).toMatchObject({ status: 'closed', retryable: [] });
  });

  it('given both, asks again only what may help', () => {
    expect(assess(explicit(2), [down, nobody])).toMatchObject({ status: 'pending', retryable: [0] });
  });

  it('given the first alternative met, does not wait for a lower one', () => {
    expect(assess(homeOrLease, [found('confirmed'), found('confirmed'), down])).toMatchObject({ status: 'complete' });
  });

  it('given a lower alternative met, still waits for the one that comes first', () => {
    const progress = assess(homeOrLease, [found('confirmed'), down, found('confirmed')]);
    expect(progress).toMatchObject({ status: 'pending', retryable: [1], verdict: { result: 'met' } });
  });

  it('given a refuted claim in every alternative, waits for nothing', () => {
    expect(assess(homeOrLease, [found('refuted'), down, down])).toMatchObject({ status: 'complete', verdict: { result: 'not_met' } });
  });

  it('never calls a partial answer complete', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 6 }), (findings) => {
        const { status } = assess(explicit(findings.length), findings);
        expect(status === 'complete').toBe(findings.every(({ outcome }) => outcome !== 'unavailable'));
      }),
    );
  });

  it('calls a requirement set complete only when no unavailable claim could change the verdict or the first alternative met', () => {
    fc.assert(
      fc.property(fc.tuple(anyFinding, anyFinding, anyFinding), fc.tuple(anyFinding, anyFinding, anyFinding), (findings, learnt) => {
        const before = assess(homeOrLease, findings);
        if (before.status !== 'complete') return;
        const later = findings.map((finding, index) => (finding.outcome === 'unavailable' ? (learnt[index] as Finding) : finding));
        const after = assess(homeOrLease, later);
        expect(after.verdict.result).toBe(before.verdict.result);
        const firstMet = (progress: typeof before) => progress.verdict.alternatives.find(({ result }) => result === 'met')?.id;
        expect(firstMet(after)).toBe(firstMet(before));
      }),
    );
  });

  it('is pending exactly when there is something to ask again', () => {
    fc.assert(
      fc.property(fc.tuple(anyFinding, anyFinding, anyFinding), (findings) => {
        const { status, retryable } = assess(homeOrLease, findings);
        expect(status === 'pending').toBe(retryable.length > 0);
      }),
    );
  });
});
