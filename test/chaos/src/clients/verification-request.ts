import type { Subject, VerificationRequest } from '@vouch/client';
import type { DemoFamily, DemoFile } from '@vouch/showcase';
import type { PlannedRow } from '../batch.js';

/** What every lookup and consent is for. */
export const PURPOSE = 'school-enrolment';

/** The body of a lookup, alone or as a row of a batch. */
export function toVerificationRequest(
  { region, requirementSet, families }: DemoFile,
  { family, consent, timeBudgetMs, retryForSeconds }: Pick<PlannedRow, 'family' | 'consent' | 'timeBudgetMs' | 'retryForSeconds'>,
): VerificationRequest {
  const subjects: Readonly<Record<string, Subject>> = (families[family] as DemoFamily).subjects;
  return {
    purpose: PURPOSE,
    region,
    requirementSet,
    subjects,
    legalBasis: consent === undefined ? { type: 'statutory_duty' } : { type: 'consent', consentId: consent },
    timeBudgetMs,
    ...(retryForSeconds === undefined ? {} : { retryForSeconds }),
  };
}
