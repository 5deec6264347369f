import type { ClaimRelation, ClaimType, Stronger } from '@vouch/catalogue';
import type { PlannedClaim } from '@vouch/rules';

/** What is known of claim types, for comparing claims. */
export interface ClaimFacts {
  relation(type: string): ClaimRelation | undefined;
  claimType(type: string, version: number): ClaimType | undefined;
}

/** Whether one claim's being confirmed says that another is. */
export function claimImplies(a: PlannedClaim, b: PlannedClaim, facts: ClaimFacts): boolean {
  if (a.type !== b.type || a.version !== b.version || a.subject !== b.subject || !sameRecord(a.with, b.with)) return false;
  const stronger = facts.relation(a.type)?.stronger ?? {};
  const defaults = defaultsOf(facts.claimType(a.type, a.version));
  const names = new Set([...Object.keys(a.parameters), ...Object.keys(b.parameters)]);
  return [...names].every((name) =>
    asksAsMuch(a.parameters[name] ?? defaults[name], b.parameters[name] ?? defaults[name], stronger[name] ?? 'same'),
  );
}

/** Whether two claims cannot both be confirmed. */
export function claimsExclude(a: PlannedClaim, b: PlannedClaim, facts: ClaimFacts): boolean {
  return excludesOneWay(a, b, facts) || excludesOneWay(b, a, facts);
}

function excludesOneWay(a: PlannedClaim, b: PlannedClaim, facts: ClaimFacts): boolean {
  if (a.subject !== b.subject) return false;
  const [own, other] = [regionsOf(a, facts), regionsOf(b, facts)];
  if (!own || !other) return false;
  const relation = facts.relation(a.type);
  if (!relation || !sameTime(a, b, relation)) return false;
  if (relation.excludes?.includes(b.type)) return other.every((region) => own.some((around) => region.startsWith(around)));
  const apart = own.every((one) => other.every((two) => !one.startsWith(two) && !two.startsWith(one)));
  return a.type === b.type && relation.oneRegion === true && apart;
}

/** Whether two claims ask the same where values cannot be compared: what is so on one day need not be on another. */
const sameTime = (a: PlannedClaim, b: PlannedClaim, { stronger }: ClaimRelation): boolean =>
  Object.entries(stronger).every(([name, order]) => order !== 'same' || asksAsMuch(a.parameters[name], b.parameters[name], 'same'));

/** Regions that a claim asks about; undefined when it does not say, which is anywhere. */
function regionsOf(claim: PlannedClaim, facts: ClaimFacts): readonly string[] | undefined {
  const name = facts.claimType(claim.type, claim.version)?.routing.regionParameter;
  const value = name === undefined ? undefined : claim.parameters[name];
  return value === undefined ? undefined : codes(value);
}

/** Whether a value asks at least what another asks; undefined is a parameter left out, which asks nothing. */
function asksAsMuch(a: unknown, b: unknown, stronger: Stronger): boolean {
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  if (stronger === 'same') return false;
  if (stronger === 'set') return a === true;
  if (stronger === 'unset') return a !== true;
  if (b === undefined) return true;
  if (a === undefined) return false;
  if (stronger === 'inside') return codes(a).every((one) => codes(b).some((around) => one.startsWith(around)));
  if (stronger === 'around') return codes(b).every((one) => codes(a).some((around) => one.startsWith(around)));
  if (typeof a === 'number' && typeof b === 'number') return stronger === 'more' ? a >= b : stronger === 'less' && a <= b;
  if (typeof a === 'string' && typeof b === 'string') return stronger === 'earlier' ? a <= b : stronger === 'later' && a >= b;
  return false;
}

const codes = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function defaultsOf(claimType: ClaimType | undefined): Readonly<Record<string, unknown>> {
  const properties = (claimType?.parametersSchema.properties ?? {}) as Readonly<Record<string, { readonly default?: unknown }>>;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]));
}
