import fc from 'fast-check';
import { type ClaimCondition, type Condition, compileRequirementSet, type Finding, type Plan, type RequirementSet } from '../src/index.js';

/** A text in both languages. */
export const text = (words: string) => ({ 'zh-CN': words, en: words });

/** A claim of an invented claim type `test.<name>`. */
export const claim = (name: string, over: Partial<ClaimCondition> = {}): ClaimCondition => ({
  type: `test.${name}`,
  version: 1,
  subject: 'child',
  parameters: {},
  ...over,
});

/** A set with some parts of its own. */
export const aSet = (over: Partial<RequirementSet> = {}): RequirementSet => ({
  id: '370102/primary/2026',
  title: text('a set'),
  region: '370102',
  purpose: 'school-enrolment',
  ...over,
});

/** Categories a, b, c ... of conditions. */
export const categoriesOf = (...conditions: Condition[]) =>
  conditions.map((when, index) => ({ id: String.fromCharCode(97 + index), title: text('a category'), when }));

/** The plan of a set for a child with one guardian, unless said. */
export const planOf = (set: RequirementSet, people: readonly string[] = ['child', 'guardian']): Plan =>
  compileRequirementSet(set).plan({ entryYear: 2026, applicationDate: '2026-06-15', people: new Set(people) });

/** A finding of an outcome. */
export const found = (outcome: NonNullable<Finding>['outcome'], disclosures: Record<string, string | number> = {}): Finding => ({
  outcome,
  disclosures,
});

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];

const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const several = fc.array(tie('condition'), { minLength: 1, maxLength: 3 });
  return {
    condition: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'condition' },
      { weight: 4, arbitrary: fc.constantFrom(...NAMES).map((name) => claim(name)) },
      { weight: 1, arbitrary: fc.constant<Condition>({ stated: 'seen' }) },
      { weight: 2, arbitrary: several.map((allOf) => ({ allOf })) },
      { weight: 2, arbitrary: several.map((anyOf) => ({ anyOf })) },
      { weight: 1, arbitrary: several.map((ladder) => ({ ladder })) },
      {
        weight: 1,
        arbitrary: fc.tuple(several, fc.nat(2)).map(([of, less]) => ({ atLeast: { count: Math.max(1, of.length - less), of } })),
      },
      { weight: 1, arbitrary: tie('condition').map((not) => ({ not })) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }).map((atLeast) => ({ enoughPoints: { atLeast } })) },
    ),
  };
});

/** Any condition over six claims, a fact and points. */
export const anyCondition: fc.Arbitrary<Condition> = condition;

/** Any set of up to four categories, with points. */
export const anySet: fc.Arbitrary<RequirementSet> = fc
  .record({
    conditions: fc.array(anyCondition, { minLength: 1, maxLength: 4 }),
    asking: fc.constantFrom('fastest', 'least'),
    decides: fc.constantFrom('category', 'verdict'),
    fixed: fc.constantFrom(...NAMES),
    measured: fc.constantFrom(...NAMES),
    veto: fc.option(fc.constantFrom(...NAMES)),
  })
  .map(({ conditions, asking, decides, fixed, measured, veto }) =>
    aSet({
      asking,
      decides,
      categories: categoriesOf(...conditions),
      facts: [{ id: 'seen', title: text('seen'), office: text('an office') }],
      points: {
        items: [
          { id: 'fixed', title: text('fixed'), fixed: { when: claim(fixed), points: 10 } },
          {
            id: 'months',
            title: text('months'),
            measured: { measure: { claim: claim(measured), disclosure: 'months' }, perMonth: 0.5, after: 2, mostMonths: 40 },
          },
        ],
        ...(veto ? { vetoes: [claim(veto)] } : {}),
      },
    }),
  );

const known = fc.record({ outcome: fc.constantFrom('confirmed', 'refuted'), disclosures: fc.record({ months: fc.nat(60) }) });
const unknown = fc.constantFrom('not_found', 'ambiguous', 'unavailable', 'not_asked').map((outcome) => found(outcome));

/** Any finding, known or not. */
export const anyFinding: fc.Arbitrary<Finding> = fc.oneof(known, unknown);
/** Findings of the six claims, in the order of `NAMES`. */
export const anyFindings: fc.Arbitrary<ReadonlyMap<string, Finding>> = fc
  .array(anyFinding, { minLength: 6, maxLength: 6 })
  .map((findings) => new Map(findings.map((finding, index) => [`test.${NAMES[index]}`, finding])));
/** The same, all of them known. */
export const allKnown: fc.Arbitrary<ReadonlyMap<string, Finding>> = fc
  .array(known, { minLength: 6, maxLength: 6 })
  .map((findings) => new Map(findings.map((finding, index) => [`test.${NAMES[index]}`, finding])));

/** Findings in a plan's order. */
export const inPlan = (plan: Plan, by: ReadonlyMap<string, Finding>): Finding[] => plan.claims.map(({ type }) => by.get(type));
/** Whether a finding is known. */
export const isKnown = (finding: Finding): boolean => finding?.outcome === 'confirmed' || finding?.outcome === 'refuted';
