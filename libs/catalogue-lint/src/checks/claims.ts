import { type ClaimCondition, claimsOf, type RequirementSet } from '@vouch/rules';
import { type Check, type Context, claimsIn } from '../context.js';
import { planConditions, scenariosOf } from '../reason/scenario.js';

/** Questions of sets: parameters that their claim type refuses, no provider in the region, an old version. */
export const checkClaims: Check = (context) => {
  for (const { set } of context.sets) {
    if (set.abstract) continue;
    const asked = askedBy(set);
    for (const scenario of scenariosOf(set)) {
      const { claims, terms } = planConditions(
        scenario,
        asked.map(({ claim }) => claim),
      );
      for (const [index, term] of terms.entries()) {
        const one = asked[index] as Asked;
        // What waives a condition is in its term too.
        const own = claimsIn(term, claims).filter(({ type }) => type === one.claim.type);
        for (const { parameters } of own) checkClaim(one, parameters, set, context);
      }
    }
    for (const { claim } of asked) tellOutdated(claim, context);
  }
};

/** A question, and where it stands. */
interface Asked {
  readonly claim: ClaimCondition;
  readonly at: object;
}

function askedBy(set: RequirementSet): readonly Asked[] {
  const asked: Asked[] = [...claimsOf(set)].map((claim) => ({ claim, at: claim }));
  const { age } = set;
  if (!age) return asked;
  // The age rule is a question too, in other words.
  const claim = { type: 'police.age-on', version: 1, subject: 'child', parameters: { at: { date: age.on }, years: age.years } };
  return [...asked, { claim, at: age }];
}

function checkClaim(
  { claim, at }: Asked,
  parameters: Readonly<Record<string, unknown>>,
  set: RequirementSet,
  { facts, material, tell }: Context,
): void {
  const claimType = facts.claimType(claim.type, claim.version);
  if (!claimType) return;
  const faults = claimType.validate(parameters);
  for (const { pointer, detail, code } of faults) {
    const name = pointer.split('/')[1];
    const value = name === undefined ? '' : ` (${JSON.stringify(parameters[name])})`;
    tell(
      'parameter-invalid',
      at === claim ? (claim.parameters ?? at) : at,
      name,
      `${claim.type} 的参数 ${name ?? ''} 无效：${code}${value}`,
      `${claim.type}: parameters${pointer}: ${detail} (${code})${value}`,
    );
  }
  if (faults.length > 0 || set.whatIfOnly || material.providersFor(claimType, parameters, set.region).length > 0) return;
  tell(
    'provider-missing',
    at,
    'type',
    `${set.region} 没有人答复 ${claim.type}`,
    `nobody answers ${claim.type} for what is asked in ${set.region}`,
  );
}

function tellOutdated(claim: ClaimCondition, { material, tell }: Context): void {
  const newest = Math.max(...material.claimTypes.flatMap(({ name, version }) => (name === claim.type ? [version] : [])));
  if (newest <= claim.version) return;
  tell(
    'claim-outdated',
    claim,
    'version',
    `${claim.type} 已有第 ${newest} 版`,
    `${claim.type} has a version ${newest}; version ${claim.version} is asked`,
  );
}
