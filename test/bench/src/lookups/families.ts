import { createHash } from 'node:crypto';
import { createPopulation, type Person } from '@vouch/population';
import type { Lookup } from './lookup.js';

/**
 * So many lookups, each with a consent of its own: about the families of a population of the size given (the usual one unless said), in order,
 * from the first again when there are not as many; each with the guardian whom the child lives with.
 */
export function makeLookups(count: number, families?: number): Lookup[] {
  const population = createPopulation(families === undefined ? {} : { families });
  return Array.from({ length: count }, (_, index) => {
    const { child, guardians, region } = population.family(index % population.families);
    return { child: toSubject(child), guardian: toSubject(guardians[0] as Person), region, consentId: consentIdOf(index) };
  });
}

const toSubject = ({ idNumber, name }: Person) => ({ idNumber, name });

/** The consent of a family has the same id in every system; spread evenly, as random ids are. */
function consentIdOf(index: number): string {
  const hex = createHash('sha256').update(`bench consent ${index}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
