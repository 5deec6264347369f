export { checkRequirementSet, type SetFault } from './check.js';
export { type CompiledSet, type CompileOptions, compileRequirementSet } from './compile.js';
export type { Asking, ClaimCondition, Condition, ConditionKind, People, Subject } from './condition.js';
export { claimsOf, conditionsOf, measuresOf } from './conditions-of.js';
export { type CategoryReason, type EvaluatedCategory, type Evaluation, evaluate, type Open } from './evaluate.js';
export type { Finding } from './finding.js';
export { entryYearsOf, notInForce } from './in-force.js';
export { inherit } from './inherit.js';
export { isClaim, partsOf, partsOfAll, walk } from './kinds.js';
export { nextClaims } from './next-claims.js';
export type { Grade, Notes, RuleSource, Text } from './notes.js';
export type { Plan, PlannedCategory, PlannedClaim, PlannedRules, Settling, Term } from './plan.js';
export { countPoints, type Points, type Range } from './points.js';
export { createReader } from './read-term.js';
export type {
  Category,
  Fact,
  Lock,
  Measure,
  PointsItem,
  PointsScheme,
  RequirementSet,
  RuleException,
  TieBreaker,
  WhenFull,
} from './requirement-set.js';
export { compareTies, type TieKey, tieKeys } from './ties.js';
export type { KnownOutcome, Result, Truth } from './truth.js';
export type { DateExpression, DateValue, Inputs, ParameterExpression, ParameterValue, RegionsValue } from './values.js';
export { resolveClaimParameters } from './values.js';
export { describe } from './wording/describe.js';
export { type Difference, differences } from './wording/difference.js';
export { type CategoryExplanation, type ExplainOptions, type Explanation, explain } from './wording/explain.js';
export type { Line, LineCode } from './wording/line.js';
export type { ClaimWords, WordsOf } from './wording/words.js';
