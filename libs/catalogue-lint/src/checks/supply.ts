import type { Check } from '../context.js';
import { statedIn } from './unused.js';

/** Facts that a person must look at although a claim type gives them. */
export const checkSupply: Check = ({ sets, tell, answered }) => {
  for (const { set } of sets) {
    const used = statedIn(set);
    for (const fact of set.facts ?? []) {
      if (fact.wanted === undefined || !used.has(fact.id) || !answered(fact.wanted, set.region)) continue;
      tell(
        'data-could-supply',
        fact,
        'wanted',
        `“${fact.title['zh-CN']}”可由 ${fact.wanted} 核验`,
        `"${fact.title.en}" can be checked by ${fact.wanted}`,
      );
    }
  }
};
