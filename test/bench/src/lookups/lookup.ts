import type { Subject } from '@vouch/client';

/** One lookup of the benchmark: a family of its own, with a consent of its own. */
export interface Lookup {
  readonly child: Subject;
  readonly guardian: Subject;
  /** County that the family lives in. */
  readonly region: string;
  /** Consent in the systems that ask for one. */
  readonly consentId: string;
}

/** Agencies in the order in which rows name their addresses. */
export const AGENCIES = ['police', 'housing', 'tax', 'social-security'] as const;
export type Agency = (typeof AGENCIES)[number];

/** One of the four claims, for whichever row asks it. */
export interface BenchClaim {
  readonly agency: Agency;
  readonly type: string;
  readonly version: number;
  readonly subject: 'child' | 'guardian';
  readonly with?: { readonly guardian: 'guardian' };
  readonly parameters: Readonly<Record<string, unknown>>;
}

const PURPOSE = 'school-enrolment';

/** The same four claims in every row, one for each agency. */
export const claimsIn = (region: string): readonly BenchClaim[] => [
  { agency: 'police', type: 'police.guardian-of', version: 1, subject: 'child', with: { guardian: 'guardian' }, parameters: {} },
  { agency: 'housing', type: 'housing.owns-home', version: 1, subject: 'guardian', parameters: { region } },
  { agency: 'tax', type: 'tax.deed-tax-paid', version: 1, subject: 'guardian', parameters: { region } },
  {
    agency: 'social-security',
    type: 'social-security.insured-months',
    version: 1,
    subject: 'guardian',
    parameters: { scheme: 'pension-employee', atLeast: 12, endingAt: '2026-08-31' },
  },
];

/** What a consent must let a platform ask for these claims. */
export const CONSENT_PARTS = [
  { type: 'police.guardian-of', subjects: ['child', 'guardian'] },
  { type: 'housing.owns-home', subjects: ['guardian'] },
  { type: 'tax.deed-tax-paid', subjects: ['guardian'] },
  { type: 'social-security.insured-months', subjects: ['guardian'] },
] as const;

/** Body of `POST /v1/verifications`, the same for every row behind HTTP; with the claims of some agencies only, if they are said. */
export const toRequest = ({ child, guardian, region, consentId }: Lookup, agencies: readonly Agency[] = AGENCIES) => ({
  purpose: PURPOSE,
  region,
  claims: claimsIn(region)
    .filter(({ agency }) => agencies.includes(agency))
    .map(({ type, subject, with: involved, parameters }) => ({ type, subject, with: involved, parameters })),
  subjects: { child, guardian },
  legalBasis: { type: 'consent', consentId } as const,
  // The longest there is: what counts is how long it takes, not that it is given up.
  timeBudgetMs: 10_000,
});

/** The same lookup by the requirement set that asks the same four claims: the hub works out what to ask, decides, and explains. */
export function toSetRequest(lookup: Lookup) {
  const { claims: _none, ...rest } = toRequest(lookup);
  return { ...rest, requirementSet: BENCH_SET };
}

/** Requirement set of the benchmark's own catalogue. */
export const BENCH_SET = '37/bench/2026';

export type LookupRequest = ReturnType<typeof toRequest>;
