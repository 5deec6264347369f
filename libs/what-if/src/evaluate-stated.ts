import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import { notInForce, type PlannedClaim } from '@vouch/rules';
import { type Language, textIn } from './language.js';
import type { MatchedFacts } from './match-stated.js';
import { tell } from './tell.js';

/** What a requirement set makes of stated facts. */
export type WhatIf = ReturnType<typeof evaluateStated>;

/** Evaluates stated facts by a set and explains the result in a language. Nobody is asked; the facts must be without faults. */
export function evaluateStated(catalogue: Catalogue, set: RequirementSet, matched: MatchedFacts, language: Language) {
  const { inputs, plan, findings } = matched;
  return {
    requirementSet: set.id,
    catalogueVersion: catalogue.version,
    entryYear: inputs.entryYear,
    applicationDate: inputs.applicationDate,
    notInForce: notInForce(set.rules, inputs),
    ...tell(catalogue, { set, plan, findings, language }),
    claims: plan.claims.map((claim, index) => ({
      ...toClaim(claim),
      title: textIn(catalogue.words(claim).title, language),
      outcome: findings[index]?.outcome ?? ('not_asked' as const),
      disclosures: findings[index]?.disclosures,
    })),
  };
}

const toClaim = ({ type, version, subject, with: involved, parameters }: PlannedClaim) => ({
  type,
  version,
  subject,
  with: involved,
  parameters,
});
