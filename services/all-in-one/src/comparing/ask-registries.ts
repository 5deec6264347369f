import type { Adapter, ClaimQuery } from '@vouch/adapter-sdk';
import type { Population } from '@vouch/population';
import { createHousingAdapter } from '@vouch/registry-housing';
import { createPoliceAdapter } from '@vouch/registry-police';
import { createSocialSecurityAdapter } from '@vouch/registry-social-security';
import { createTaxAdapter } from '@vouch/registry-tax';
import type { Finding, PlannedClaim } from '@vouch/rules';
import type { Resident } from './families-of-county.js';

/** Asks a claim about a family. */
export type Ask = (claim: PlannedClaim) => Promise<Finding>;

type Registries = ReadonlyMap<string, Adapter>;

/** Gives for each family who asks the registries of its population, by their own rulings; what was asked once is known. */
export function createAsker(): (resident: Resident) => Ask {
  let of: Population | undefined;
  let registries: Registries = new Map();
  return (resident) => {
    if (of !== resident.population) [of, registries] = [resident.population, registriesOf(resident.population)];
    const [known, asked] = [new Map<string, Promise<Finding>>(), registries];
    return (claim) => {
      const key = keyOf(claim);
      const answer = known.get(key) ?? ask(claim, resident, asked);
      known.set(key, answer);
      return answer;
    };
  };
}

/** What makes two claims the same question. */
export const keyOf = ({ type, version, subject, with: involved, parameters }: PlannedClaim): string =>
  JSON.stringify([type, version, subject, sorted(involved), sorted(parameters)]);

const sorted = (record: Readonly<Record<string, unknown>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const registriesOf = (population: Population): Registries =>
  new Map(
    [createPoliceAdapter, createHousingAdapter, createTaxAdapter, createSocialSecurityAdapter]
      .map((create) => create(population))
      .map((adapter) => [adapter.agency, adapter]),
  );

async function ask(claim: PlannedClaim, { family }: Resident, registries: Registries): Promise<Finding> {
  const [agency = '', name = ''] = claim.type.split('.');
  const claimType = registries.get(agency)?.claimTypes[name];
  if (!claimType) throw new Error(`No registry here rules on ${claim.type}`);
  const person = (key: string) => {
    const found = family.people.find((one) => one.key === key);
    if (!found) throw new Error(`${claim.type} is asked about ${key}, whom the family does not have`);
    return { idNumber: found.idNumber, name: found.name };
  };
  const involved = Object.entries(claim.with).map(([role, key]) => [role, person(key)]);
  const query = {
    parameters: claimType.parameters.parse(claim.parameters),
    persons: { subject: person(claim.subject), ...Object.fromEntries(involved) },
    region: family.region,
  };
  // Rulings look at nothing else of a query: whoever asks, and until when, is the server's business.
  const [answer] = await Promise.all(await claimType.check([query as unknown as ClaimQuery], { logger: undefined as never }));
  if (!answer || !('outcome' in answer)) throw new Error(`${claim.type} was not ruled on`);
  return { outcome: answer.outcome, disclosures: 'disclosures' in answer ? (answer.disclosures as Disclosed) : undefined };
}

type Disclosed = Readonly<Record<string, string | number | boolean>>;
