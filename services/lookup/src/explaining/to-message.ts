import {
  type ExplainedCategory,
  type ExplanationLine,
  type Explanation as ExplanationMessage,
  type PointsRange,
  VerdictResult,
  type Verification as VerificationMessage,
  VerificationStatus,
} from '@vouch/proto/lookup/v1/lookup';
import type { ToldLine } from '@vouch/what-if';
import type { Verification } from '../keeping/verification.js';
import { type Answer, toAnswer } from '../verifying/answer.js';
import type { Explanation } from './explainer.js';

const STATUS: Readonly<Record<Answer['status'], VerificationStatus>> = {
  pending: VerificationStatus.PENDING,
  complete: VerificationStatus.COMPLETE,
  closed: VerificationStatus.CLOSED,
  refused: VerificationStatus.REFUSED,
};

const RESULT: Readonly<Record<NonNullable<Answer['verdict']>, VerdictResult>> = {
  met: VerdictResult.MET,
  not_met: VerdictResult.NOT_MET,
  undetermined: VerdictResult.UNDETERMINED,
};

/** A verification with its explanation as the message of the gRPC API. */
export function toVerificationMessage(verification: Verification, explanation: Explanation | undefined): VerificationMessage {
  const { createdAt, completedAt } = verification;
  const answer = toAnswer(verification);
  return {
    id: answer.id,
    status: STATUS[answer.status],
    verdict: answer.verdict ? RESULT[answer.verdict] : VerdictResult.UNSPECIFIED,
    legalBasis: answer.legalBasis.type,
    consentId: answer.legalBasis.type === 'consent' ? answer.legalBasis.consentId : '',
    createdAt,
    completedAt,
    claims: answer.claims.map((claim) => ({
      type: claim.type,
      version: claim.version,
      subject: claim.subject,
      outcome: claim.outcome,
      agency: claim.agency,
      asOf: claim.asOf ?? '',
      disclosuresJson: JSON.stringify(claim.disclosures),
      reason: claim.reason ?? '',
      retryAt: claim.retryAt === undefined ? undefined : new Date(claim.retryAt),
    })),
    alternatives: answer.alternatives.map(({ id, result, reason, claims }) => ({
      id,
      result: RESULT[result],
      reason,
      claims: [...claims],
    })),
    code: answer.code ?? '',
    catalogueVersion: answer.catalogueVersion ?? '',
    explanation: explanation && toExplanationMessage(explanation),
  };
}

function toExplanationMessage(explanation: Explanation): ExplanationMessage {
  const { language, entryYear, applicationDate, reached, possible, needsPerson, text, assumption, points, ties, open } = explanation;
  return {
    language,
    entryYear,
    applicationDate,
    reached: reached ?? '',
    possible,
    needsPerson,
    text,
    assumption: assumption ?? '',
    categories: explanation.categories.map(toCategoryMessage),
    points: points && {
      total: toRangeMessage(points),
      items: points.items.map((item) => ({ id: item.id, title: item.title, points: toRangeMessage(item) })),
    },
    ties: (ties ?? []).map(({ id, title, first, key }) => ({ id, title, first, key: key === undefined ? '' : String(key) })),
    awaited: [...open.ask, ...open.wait],
    look: [...open.look],
    facts: open.facts.map(({ id, title, office }) => ({ id, title: title ?? '', office: office ?? '' })),
    missing: [...open.missing],
    notNeeded: explanation.notNeeded,
  };
}

const toCategoryMessage = ({ id, title, result, from, lines, text }: Explanation['categories'][number]): ExplainedCategory => ({
  id,
  title: title ?? '',
  result: RESULT[result],
  from: from ?? '',
  lines: lines.map(toLineMessage),
  text,
});

const toLineMessage = ({ code, claim, fact, have, need, shortBy, from, by, tooLate, office, parts, text }: ToldLine): ExplanationLine => ({
  code,
  claim,
  fact: fact ?? '',
  have,
  need,
  shortBy,
  from: from ?? '',
  by: by ?? '',
  tooLate: tooLate ?? false,
  office: office ?? '',
  parts: (parts ?? []).map(toLineMessage),
  text,
});

const toRangeMessage = ({ least, most }: { least: number; most?: number | undefined }): PointsRange => ({ least, most });
