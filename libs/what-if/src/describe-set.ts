import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import { describe } from '@vouch/rules';
import { type Language, textIn } from './language.js';
import { summaryOf } from './versions.js';

/** A set with its categories in words. */
export type Described = ReturnType<typeof describeSet>;

/** A set: what a list says of it, where it was read, its categories in words of a language, and the rules themselves as data. */
export function describeSet(catalogue: Catalogue, set: RequirementSet, language: Language) {
  const options = { set: set.rules, words: catalogue.words };
  return {
    ...summaryOf(set),
    sources: [...(set.rules.sources ?? [])],
    requires: (set.rules.requires ?? []).map((condition) => textIn(condition.title ?? describe(condition, options), language)),
    categories: (set.rules.categories ?? []).map(({ id, title, when, whenFull }) => ({
      id,
      title,
      whenFull,
      text: textIn(describe(when, options), language),
    })),
    facts: (set.rules.facts ?? []).map(({ id, title, office }) => ({ id, title, office })),
    rules: set.rules,
  };
}
