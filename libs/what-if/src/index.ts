export { type Described, describeSet } from './describe-set.js';
export { evaluateStated, type WhatIf } from './evaluate-stated.js';
export { LANGUAGES, type Language, textIn } from './language.js';
export { type MatchedFacts, matchStated, type StatedFault } from './match-stated.js';
export { MOST_STATED, type StatedFacts, statedFactsSchema } from './stated-facts.js';
export { type Told, type ToldLine, tell } from './tell.js';
export { summaryOf, versionsOf } from './versions.js';
