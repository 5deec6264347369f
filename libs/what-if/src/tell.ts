import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import {
  countPoints,
  createReader,
  type Evaluation,
  evaluate,
  explain,
  type Finding,
  type Line,
  type Plan,
  type Range,
  tieKeys,
} from '@vouch/rules';
import { type Language, textIn } from './language.js';

/** A line of an explanation, in one language. */
export interface ToldLine extends Omit<Line, 'text' | 'office' | 'parts'> {
  readonly office?: string | undefined;
  readonly parts?: readonly ToldLine[] | undefined;
  readonly text: string;
}

/** What a set makes of what was found, told in one language. */
export type Told = ReturnType<typeof tell>;

/** What is to be told. */
export interface Telling {
  readonly set: RequirementSet;
  readonly plan: Plan;
  /** A finding for each claim of the plan; undefined while it is not asked. */
  readonly findings: readonly Finding[];
  readonly language: Language;
  /** Whether agencies that did not answer are asked again; they are unless said. */
  readonly askedAgain?: boolean;
}

/** Evaluates a plan over what was found and explains it, for programs and in words. Pure; nothing in it names a person. */
export function tell(catalogue: Pick<Catalogue, 'words'>, { set, plan, findings, language, askedAgain }: Telling) {
  const evaluation = evaluate(plan, findings);
  const explained = explain(plan, findings, { words: catalogue.words, facts: set.rules.facts, evaluation, askedAgain });
  const { open, reached, possible } = evaluation;
  const stillWanted = new Set(open.ask);
  const idOf = (index: number): string => plan.categories[index]?.id ?? '';
  return {
    verdict: evaluation.verdict,
    reached: reached === undefined ? undefined : idOf(reached),
    possible: possible.map(idOf),
    needsPerson: open.look.length > 0 || open.facts.length > 0,
    points: pointsOf(plan, findings, evaluation, language),
    ties: tiesOf(plan, findings, language),
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

function pointsOf(plan: Plan, findings: readonly Finding[], { reached }: Evaluation, language: Language) {
  if (!plan.points) return undefined;
  const { total, items } = countPoints(plan, findings, createReader(findings).truth, reached);
  return {
    ...toRange(total),
    items: plan.points.items.map(({ id, title }, index) => ({
      id,
      title: textIn(title, language),
      ...toRange(items[index] ?? { least: 0, most: 0 }),
    })),
  };
}

// What may be any number has no upper end.
const toRange = ({ least, most }: Range) => ({ least, most: Number.isFinite(most) ? most : undefined });

function tiesOf(plan: Plan, findings: readonly Finding[], language: Language) {
  if (plan.ties.length === 0) return undefined;
  const keys = tieKeys(plan, findings);
  return plan.ties.map(({ id, title, first }, index) => ({ id, title: textIn(title, language), first, key: keys[index] }));
}

// Written out, since each answer has many of them: taking an object apart by what is left of it costs ten times as much.
const toLine = (line: Line, language: Language): ToldLine => ({
  code: line.code,
  claim: line.claim,
  type: line.type,
  subject: line.subject,
  fact: line.fact,
  have: line.have,
  need: line.need,
  shortBy: line.shortBy,
  from: line.from,
  by: line.by,
  tooLate: line.tooLate,
  holds: line.holds,
  office: line.office && textIn(line.office, language),
  parts: line.parts?.map((part) => toLine(part, language)),
  text: textIn(line.text, language),
});
