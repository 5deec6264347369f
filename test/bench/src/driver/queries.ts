import { type Answer, IdType, type Outcome, type Query } from '@vouch/proto/evidence/v1/evidence';
import { type Agency, claimsIn, type Lookup } from '../lookups/lookup.js';

const LEASE_MS = 10_000;

/** What is asked about whom, without a hub: from a lookup or from a request that came over HTTP. */
export type Asked = Pick<Lookup, 'child' | 'guardian' | 'region'>;

/** The four queries of a lookup, as somebody would write them who calls the agencies by hand. */
export function toQueries({ child, guardian, region }: Asked, idOf: () => string): { agency: Agency; query: Query }[] {
  const leaseEnd = new Date(Date.now() + LEASE_MS);
  const people = { child, guardian };
  return claimsIn(region).map((claim) => ({
    agency: claim.agency,
    query: {
      id: idOf(),
      claimType: claim.type,
      claimVersion: claim.version,
      parametersJson: JSON.stringify(claim.parameters),
      persons: {
        subject: { idType: IdType.GB11643, ...people[claim.subject] },
        ...(claim.with && { guardian: { idType: IdType.GB11643, ...guardian } }),
      },
      platform: 'jinan-enrolment',
      purpose: 'school-enrolment',
      actorRef: 'jinan-enrolment',
      basisRef: 'bench',
      remainingMs: LEASE_MS,
      leaseEnd,
      traceparent: '',
      region,
    },
  }));
}

/** The outcome in an answer. Throws for anything that is no finding. */
export function outcomeOf(answer: Answer | undefined): Outcome {
  if (answer?.result?.$case === 'finding') return answer.result.value.outcome;
  throw new Error(`A registry did not answer: ${answer?.result?.$case === 'fault' ? answer.result.value.code : 'nothing'}`);
}

/** Address of each agency's registry. */
export type Addresses = Readonly<Record<Agency, string>>;
