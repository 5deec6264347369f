import type { Catalogue } from '@vouch/catalogue';
import { countPoints, createReader, evaluate, explain, type Finding, nextClaims, type Plan, type PlannedClaim } from '@vouch/rules';
import { type Family, registriesOf } from './family.js';

/** How a family is decided on. */
export interface Application {
  /** Day of the application; to which the registries' records are complete, unless said. */
  readonly applied: string;
  readonly completeTo?: string;
  readonly entryYear?: number;
  readonly facts?: Readonly<Record<string, boolean>>;
  /** Every claim is asked, also those that can change nothing. */
  readonly askAll?: boolean;
}

/** Decides on a family by a county's set: asks in rounds what the set wants asked, of the registries' own rulings. */
export async function decide(catalogue: Catalogue, id: string, family: Family, application: Application) {
  const set = catalogue.requirementSet(id);
  if (!set) throw new Error(`there is no set ${id}`);
  const { applied, completeTo = applied, entryYear = Number(id.split('/')[2]), facts, askAll = false } = application;
  const plan = set.compiled.plan({
    entryYear,
    applicationDate: applied,
    childBirthDate: family.born,
    people: new Set(Object.keys(family.people)),
    ...(facts ? { facts } : {}),
  });
  const registries = registriesOf(family, completeTo);
  const findings: Finding[] = plan.claims.map(() => undefined);
  if (askAll) for (const [index, claim] of plan.claims.entries()) findings[index] = await ask(claim, registries);
  for (let next = nextClaims(plan, findings); next.length > 0; next = nextClaims(plan, findings)) {
    for (const index of next) findings[index] = await ask(plan.claims[index] as PlannedClaim, registries);
  }
  const evaluation = evaluate(plan, findings);
  const points = countPoints(plan, findings, createReader(findings).truth, evaluation.reached);
  const explanation = explain(plan, findings, { words: catalogue.words, facts: set.rules.facts, evaluation });
  return { plan, findings, evaluation, points, explanation, reached: categoryOf(plan, evaluation.reached) };
}

const categoryOf = (plan: Plan, index: number | undefined): string | undefined =>
  index === undefined ? undefined : plan.categories[index]?.id;

async function ask(claim: PlannedClaim, registries: ReturnType<typeof registriesOf>): Promise<Finding> {
  const [agency = '', name = ''] = claim.type.split('.');
  const claimType = registries.get(agency)?.claimTypes[name];
  if (!claimType) throw new Error(`there is no claim type ${claim.type}`);
  const person = (key: string) => ({ idNumber: key, name: key });
  const persons = {
    subject: person(claim.subject),
    ...Object.fromEntries(Object.entries(claim.with).map(([role, key]) => [role, person(key)])),
  };
  const query = {
    parameters: claimType.parameters.parse(claim.parameters),
    persons,
    region: '370102',
    platform: 'test',
    purpose: 'school-enrolment',
    actorRef: 'test',
    basisRef: 'test',
    deadline: new Date(Date.now() + 60_000),
    signal: new AbortController().signal,
  };
  const [answer] = await Promise.all(await claimType.check([query as never], { logger: undefined as never }));
  if (!answer || !('outcome' in answer)) throw new Error(`${claim.type} was not answered`);
  return { outcome: answer.outcome, disclosures: answer.disclosures as Record<string, string | number> | undefined };
}
