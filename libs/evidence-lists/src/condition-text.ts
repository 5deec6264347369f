import {
  type ClaimCondition,
  type Condition,
  describe,
  entryYearsOf,
  isClaim,
  type ParameterValue,
  type RequirementSet,
  resolveClaimParameters,
  type Text,
  type WordsOf,
} from '@vouch/rules';

/** How a set's conditions are told to families. */
export interface TextOptions {
  readonly set: RequirementSet;
  readonly words: WordsOf;
}

type Language = keyof Text;

const HERE: Text = { 'zh-CN': '本区（县、市）', en: 'this county or city' };
const ON_APPLYING: Text = { 'zh-CN': '申请之日', en: 'the day of application' };
const AFTER_BIRTH: Text = { 'zh-CN': '按孩子出生日推算', en: "counted from the child's birth" };
const LIVES: Text = { 'zh-CN': '家庭住址', en: "the family's address" };
const YES: Text = { 'zh-CN': '是', en: 'yes' };
const NO: Text = { 'zh-CN': '否', en: 'no' };
/** Values of parameters that are words of ours. */
const VALUES: Readonly<Record<string, Text>> = {
  'pension-employee': { 'zh-CN': '职工养老', en: 'employee pension' },
  'pension-resident': { 'zh-CN': '居民养老', en: 'resident pension' },
  'medical-employee': { 'zh-CN': '职工医保', en: 'employee medical' },
  'public-rental': { 'zh-CN': '公租房', en: 'public rental' },
};

/** A condition in words, its days and regions worked out as far as they are the same for every family. */
export function conditionText(condition: Condition, options: TextOptions): Text {
  const tell = (language: Language): string => describe(spoken(condition, options, language), options)[language];
  return { 'zh-CN': tell('zh-CN'), en: tell('en') };
}

/** The condition with its parameters as words of one language. */
function spoken(condition: Condition, options: TextOptions, language: Language): Condition {
  const inner = (part: Condition): Condition => spoken(part, options, language);
  if (isClaim(condition)) return { ...condition, parameters: parametersOf(condition, options.set, language) };
  if ('allOf' in condition) return { ...condition, allOf: condition.allOf.map(inner) };
  if ('anyOf' in condition) return { ...condition, anyOf: condition.anyOf.map(inner) };
  if ('ladder' in condition) return { ...condition, ladder: condition.ladder.map(inner) };
  if ('atLeast' in condition) return { ...condition, atLeast: { ...condition.atLeast, of: condition.atLeast.of.map(inner) } };
  if ('not' in condition) return { ...condition, not: inner(condition.not) };
  if ('some' in condition) return { ...condition, some: { ...condition.some, holds: inner(condition.some.holds) } };
  if ('every' in condition) return { ...condition, every: { ...condition.every, holds: inner(condition.every.holds) } };
  return condition;
}

function parametersOf(claim: ClaimCondition, set: RequirementSet, language: Language): Readonly<Record<string, ParameterValue>> {
  const usual = resolved(claim, set, '05-20', '02-01');
  const applied = resolved(claim, set, '06-30', '02-01');
  const born = resolved(claim, set, '05-20', '04-30');
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const told = Object.entries(claim.parameters ?? {}).map(([name, value]): [string, ParameterValue] => {
    if (typeof value === 'object' && !Array.isArray(value) && ('atLeast' in value || 'moreThan' in value)) return [name, value];
    if (typeof value === 'object' && !Array.isArray(value) && 'input' in value) return [name, LIVES[language]];
    const one = usual[name];
    if (!same(one, applied[name])) return [name, ON_APPLYING[language]];
    if (!same(one, born[name])) return [name, AFTER_BIRTH[language]];
    if (typeof one === 'boolean') return [name, (one ? YES : NO)[language]];
    const inWords = (single: unknown): string => VALUES[String(single)]?.[language] ?? String(single);
    return [name, one === set.region ? HERE[language] : Array.isArray(one) ? one.map(inWords).join(' ') : inWords(one)];
  });
  return Object.fromEntries(told);
}

/** Parameters of a claim as the lookup of some family would have them, by the days in the year on which it applied and the child was born. */
function resolved(claim: ClaimCondition, set: RequirementSet, applied: string, born: string): Readonly<Record<string, unknown>> {
  const entryYear = entryYearsOf(set)[0] ?? 0;
  return (
    resolveClaimParameters(claim, set, {
      entryYear,
      applicationDate: `${entryYear}-${applied}`,
      addressCode: set.region,
      childBirthDate: `${entryYear - 6}-${born}`,
      people: new Set(),
    }) ?? {}
  );
}
