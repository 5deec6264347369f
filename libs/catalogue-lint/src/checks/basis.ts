import { type Condition, conditionsOf, isClaim, partsOf, type RequirementSet } from '@vouch/rules';
import type { Check, Context } from '../context.js';

/**
 * Rules that say nothing of why they may ask, and facts of which nobody says what a family brings. The set's own basis is enough for what the data
 * answers or a person looks at; papers are held to a basis of their own, since a sentence over the whole list is how baseless ones came into it.
 */
export const checkBasis: Check = (context) => {
  const withBasis = new Set(context.material.claimTexts.filter(({ legalBasis }) => legalBasis).map(({ name }) => name));
  for (const { own, set } of context.sets) {
    if (own.abstract) continue;
    const notices = context.material.notices.filter((notice) => notice.set === own.id);
    const listed = new Set(notices.flatMap(({ now }) => (now ?? []).map(({ fact }) => fact)));
    const said = new Set<string>();
    const once = (key: string, tellIt: () => void): void => {
      if (!said.has(key)) tellIt();
      said.add(key);
    };
    const visit = (condition: Condition, around: boolean, above: readonly string[]): void => {
      const grounded = around || condition.legalBasis !== undefined;
      if (isClaim(condition) && !grounded && !withBasis.has(condition.type)) {
        once(condition.type, () => tellClaim(condition.type, condition, set, context));
      }
      if ('stated' in condition) {
        const { stated } = condition;
        if (!grounded) once(`basis ${stated}`, () => tellClaim(stated, condition, set, context));
        if (!listed.has(stated)) once(`listed ${stated}`, () => tellUnlisted(stated, condition, set, context));
      }
      for (const part of partsOf(condition)) visit(part, grounded, above);
      const used = 'use' in condition && !above.includes(condition.use) ? set.conditions?.[condition.use] : undefined;
      if (used && 'use' in condition) visit(used, grounded, [...above, condition.use]);
    };
    for (const [condition, grounded] of rootsOf(set)) visit(condition, grounded || set.legalBasis !== undefined, []);
  }
};

/** Conditions at the top of rules, with what their rule says of a basis. Named ones are looked at where they are used. */
function rootsOf(set: RequirementSet): readonly (readonly [Condition, boolean])[] {
  const rules = [...(set.categories ?? []), ...(set.exceptions ?? []), ...(set.locks ?? [])];
  const items = (set.points?.items ?? []).flatMap(({ fixed, legalBasis }) => (fixed ? [{ when: fixed.when, legalBasis }] : []));
  const owned = [...rules, ...items].map(({ when, legalBasis }) => [when, legalBasis !== undefined] as const);
  const known = new Set<Condition>([...owned.map(([when]) => when), ...Object.values(set.conditions ?? {})]);
  return [...owned, ...[...conditionsOf(set)].filter((condition) => !known.has(condition)).map((condition) => [condition, false] as const)];
}

function tellClaim(name: string, at: Condition, set: RequirementSet, { tell, words }: Context): void {
  const text = words(at, set);
  tell(
    'claim-without-basis',
    at,
    isClaim(at) ? 'type' : undefined,
    `“${text['zh-CN']}”没有写明为何可以核验`,
    `nothing says why ${name} may be asked here: "${text.en}"`,
  );
}

function tellUnlisted(fact: string, at: Condition, set: RequirementSet, { tell, words }: Context): void {
  const text = words(at, set);
  tell(
    'fact-unlisted',
    set.facts?.find(({ id }) => id === fact) ?? at,
    undefined,
    `${set.id} 的清单没有写明“${text['zh-CN']}”要交什么`,
    `the list of ${set.id} does not say what a family brings for "${text.en}" (${fact})`,
  );
}
