import type { Category, ClaimCondition, Condition, RequirementSet } from '@vouch/rules';

const title = (text: string) => ({ 'zh-CN': text, en: text });

const claim = (index: number, subject: string): ClaimCondition => ({
  type: `agency.fact-${index}`,
  version: 1,
  subject,
  parameters: { region: '370102', validAt: { date: { of: 'cutoff', months: -(index % 12) } }, atLeast: index },
});

// The shapes that real sets have: all of several, of which one is a ladder, one asks either parent, one must not hold.
function category(index: number, rules: number): Category {
  const own = Array.from({ length: rules }, (_, rule): Condition => {
    const next = index * 100 + rule;
    if (rule % 4 === 1) return { ladder: [claim(next, 'guardian'), claim(next + 50, 'guardian')] };
    if (rule % 4 === 2) return claim(next, 'anyGuardian');
    if (rule % 4 === 3) return { not: claim(next, 'child') };
    return claim(next, 'child');
  });
  return { id: `category-${index}`, title: title(`category ${index}`), when: { allOf: own } };
}

/** A set with so many rules, five to a category. */
export const setOf = (rules: number): RequirementSet => ({
  id: '370102/primary/2026',
  title: title('a large set'),
  region: '370102',
  purpose: 'school-enrolment',
  dates: { cutoff: { monthDay: '08-31' } },
  categories: Array.from({ length: rules / 5 }, (_, index) => category(index, 5)),
});
