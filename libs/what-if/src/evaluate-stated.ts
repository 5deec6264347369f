import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import { countPoints, createReader, evaluate, explain, type Line, notInForce, type PlannedClaim } from '@vouch/rules';
import { type Language, textIn } from './language.js';
import type { MatchedFacts } from './match-stated.js';

/** A line of an explanation, in one language. */
export interface WhatIfLine extends Omit<Line, 'text' | 'office' | 'parts'> {
  readonly office?: string | undefined;
  readonly parts?: readonly WhatIfLine[] | undefined;
  readonly text: string;
}

/** What a requirement set makes of stated facts. */
export type WhatIf = ReturnType<typeof evaluateStated>;

/** Evaluates stated facts by a set and explains the result in a language. Nobody is asked; the facts must be without faults. */
export function evaluateStated(catalogue: Catalogue, set: RequirementSet, matched: MatchedFacts, language: Language) {
  const { inputs, plan, findings } = matched;
  const evaluation = evaluate(plan, findings);
  const explained = explain(plan, findings, { words: catalogue.words, facts: set.rules.facts, evaluation });
  const { open, reached, possible } = evaluation;
  const stillWanted = new Set(open.ask);
  const idOf = (index: number): string => plan.categories[index]?.id ?? '';
  return {
    requirementSet: set.id,
    catalogueVersion: catalogue.version,
    entryYear: inputs.entryYear,
    applicationDate: inputs.applicationDate,
    notInForce: notInForce(set.rules, inputs),
    verdict: evaluation.verdict,
    reached: reached === undefined ? undefined : idOf(reached),
    possible: possible.map(idOf),
    points: pointsOf(matched, reached),
    text: textIn(explained.text, language),
    assumption: explained.assumption && textIn(explained.assumption, language),
    categories: explained.categories.map(({ id, title, result, from, lines, text }, index) => ({
      id,
      title: title && textIn(title, language),
      result,
      reason: evaluation.categories[index]?.reason,
      from,
      claims: evaluation.categories[index]?.claims ?? [],
      lines: lines.map((line) => toLine(line, language)),
      text: textIn(text, language),
    })),
    claims: plan.claims.map((claim, index) => ({
      ...toClaim(claim),
      title: textIn(catalogue.words(claim).title, language),
      outcome: findings[index]?.outcome ?? ('not_asked' as const),
      disclosures: findings[index]?.disclosures,
    })),
    open: {
      ...open,
      facts: open.facts.map((id) => {
        const fact = set.rules.facts?.find((one) => one.id === id);
        return { id, title: fact && textIn(fact.title, language), office: fact && textIn(fact.office, language) };
      }),
    },
    notNeeded: explained.notAsked.filter((index) => !stillWanted.has(index)),
  };
}

const toClaim = ({ type, version, subject, with: involved, parameters }: PlannedClaim) => ({
  type,
  version,
  subject,
  with: involved,
  parameters,
});

function pointsOf({ plan, findings }: MatchedFacts, reached: number | undefined) {
  if (!plan.points) return undefined;
  const { least, most } = countPoints(plan, findings, createReader(findings).truth, reached).total;
  // What may be any number has no upper end.
  return { least, most: Number.isFinite(most) ? most : undefined };
}

function toLine({ text, office, parts, ...line }: Line, language: Language): WhatIfLine {
  return {
    ...line,
    office: office && textIn(office, language),
    parts: parts?.map((part) => toLine(part, language)),
    text: textIn(text, language),
  };
}
