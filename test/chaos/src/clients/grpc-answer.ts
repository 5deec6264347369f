import { type ClaimResult, VerdictResult, type Verification, VerificationStatus } from '@vouch/proto/lookup/v1/lookup';
import type { DemoFile } from '@vouch/showcase';
import { type Answer, toCommitted } from '../answer.js';
import { PURPOSE } from './verification-request.js';

/** A message of the gRPC API as the answer that the HTTP API gives, which is what was committed. What the message leaves out was asked for. */
export function toAnswer(made: Verification, { region, requirementSet }: Pick<DemoFile, 'region' | 'requirementSet'>): Answer {
  const { id, status, verdict, legalBasis, consentId, createdAt, completedAt, code, catalogueVersion, claims, alternatives } = made;
  return toCommitted({
    id,
    status: nameOf(VerificationStatus, status),
    verdict: verdict === VerdictResult.UNSPECIFIED ? undefined : nameOf(VerdictResult, verdict),
    purpose: PURPOSE,
    region,
    // Of a refusal nothing is kept but why.
    requirementSet: status === VerificationStatus.REFUSED ? undefined : requirementSet,
    catalogueVersion: catalogueVersion || undefined,
    legalBasis: legalBasis === 'consent' ? { type: legalBasis, consentId } : { type: legalBasis },
    createdAt: createdAt?.toISOString(),
    completedAt: completedAt?.toISOString(),
    code: code || undefined,
    claims: claims.map(toAnsweredClaim),
    alternatives: alternatives.map(({ result, ...alternative }) => ({ ...alternative, result: nameOf(VerdictResult, result) })),
  });
}

const toAnsweredClaim = ({ asOf, disclosuresJson, reason, retryAt, ...claim }: ClaimResult) => ({
  ...claim,
  asOf: asOf || undefined,
  disclosures: JSON.parse(disclosuresJson),
  reason: reason || undefined,
  retryAt: retryAt?.toISOString(),
});

/** `MET` of an enumeration as the HTTP API writes it. */
const nameOf = (names: Readonly<Record<number, string>>, value: number): string => (names[value] ?? '').toLowerCase();
