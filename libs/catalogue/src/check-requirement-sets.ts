import { type ClaimCondition, checkRequirementSet, claimsOf, measuresOf, type RequirementSet as Rules } from '@vouch/rules';
import { route } from './routing.js';
import { sampleParameters } from './sample-parameters.js';
import type { Faults, Path, Source } from './source.js';
import type { ClaimType, Provider, Purpose } from './types.js';

/** A set as it was read, and with what it inherits. */
export interface ReadSet {
  readonly source: Source<Rules>;
  readonly own: Rules;
  readonly whole: Rules;
}

interface Around {
  readonly purposes: readonly Purpose[];
  readonly claimTypes: readonly ClaimType[];
  readonly providers: readonly Provider[];
}

type Place = (at: object, key: string | undefined, text: string) => string;

/** Faults of requirement sets: in themselves, between each other, and against the rest of the catalogue. */
export function checkRequirementSets(sets: readonly ReadSet[], around: Around, faults: Faults): void {
  const place = locator(sets);
  const told = new Set<string>();
  const tell = (fault: string): void => {
    // What several sets inherit is told once.
    if (!told.has(fault)) faults.push(fault);
    told.add(fault);
  };
  const seen = new Map<string, string>();
  for (const { source, own, whole } of sets) {
    const before = seen.get(own.id);
    if (before) tell(source.at(['id'], `${own.id} is also defined in ${before}: give one of the two another id`));
    seen.set(own.id, source.file);
    if (own.id.split('/')[0] !== own.region)
      tell(source.at(['region'], `the id must begin with the region, ${own.region}: correct one of the two`));
    if (!around.purposes.some(({ id }) => id === own.purpose))
      tell(source.at(['purpose'], `there is no purpose ${own.purpose}: name one of purposes.yaml, or add it there`));
    for (const key of ['extends', 'predecessor'] as const) {
      if (own[key] !== undefined && !sets.some((other) => other.own.id === own[key]))
        tell(source.at([key], `there is no set ${own[key]}: name the id of another file, or leave ${key} out`));
    }
    for (const { at, key, text } of checkRequirementSet(whole)) tell(place({ source, own, whole }, at, key, text));
    const at: Place = (object, key, text) => place({ source, own, whole }, object, key, text);
    checkClaims(whole, around, at, tell);
  }
}

function checkClaims(set: Rules, around: Around, at: Place, tell: (fault: string) => void): void {
  for (const claim of claimsOf(set)) {
    const claimType = around.claimTypes.find(({ name, version }) => name === claim.type && version === claim.version);
    if (claimType) checkClaim(claim, claimType, set, around, at, tell);
    else
      tell(
        at(
          claim,
          'type',
          `there is no claim type ${claim.type} version ${claim.version}: name one that an adapter defines, at its version`,
        ),
      );
  }
  for (const measure of measuresOf(set)) {
    const claimType = around.claimTypes.find(({ name, version }) => name === measure.claim.type && version === measure.claim.version);
    if (!claimType) continue;
    const kind = claimType.disclosures[measure.disclosure];
    if (!kind)
      tell(
        at(
          measure,
          'disclosure',
          `${claimType.name} does not disclose ${measure.disclosure}: measure one of its disclosures (${Object.keys(claimType.disclosures).join(', ')})`,
        ),
      );
    else if (kind === 'code' || kind === 'boolean')
      tell(at(measure, 'disclosure', `${measure.disclosure} of ${claimType.name} cannot be counted: measure a number or a date`));
  }
}

function checkClaim(
  claim: ClaimCondition,
  claimType: ClaimType,
  set: Rules,
  around: Around,
  at: Place,
  tell: (fault: string) => void,
): void {
  const parameters = sampleParameters(claim, set);
  for (const { pointer, code, detail } of parameters ? claimType.validate(parameters) : []) {
    const [name] = pointer.split('/').slice(1);
    const holder = name !== undefined && name in (claim.parameters ?? {}) ? (claim.parameters as object) : claim;
    tell(
      at(
        holder,
        holder === claim ? 'parameters' : name,
        `${claim.type}: parameters${pointer}: ${detail} (${code}): write what its schema allows`,
      ),
    );
  }
  const given = Object.keys(claim.with ?? {});
  for (const { role, required } of claimType.involves) {
    if (required && !given.includes(role)) tell(at(claim, 'with', `${claim.type} needs ${role} in with: say who that is`));
  }
  for (const role of given) {
    if (!claimType.involves.some((involved) => involved.role === role))
      tell(at(claim.with as object, role, `${claim.type} involves no ${role}: take it out of with`));
  }
  if (set.abstract || set.whatIfOnly || !parameters) return;
  if (route(around.providers, claimType, parameters, set.region).length === 0) {
    tell(
      at(
        claim,
        'type',
        `${claim.type}: no provider covers what is asked: add the region to one in providers.yaml, or make the set whatIfOnly`,
      ),
    );
  }
}

/** Finds where an object of a set stands: in its own file, or in that of a set that it inherits from. */
function locator(sets: readonly ReadSet[]): (set: ReadSet, at: object, key: string | undefined, text: string) => string {
  const places = new Map<object, { readonly source: Source<Rules>; readonly path: Path }>();
  const visit = (value: unknown, source: Source<Rules>, path: Path): void => {
    if (typeof value !== 'object' || value === null) return;
    places.set(value, { source, path });
    for (const [key, inner] of Object.entries(value)) visit(inner, source, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  for (const { source, own } of sets) visit(own, source, []);
  return ({ source, own, whole }, at, key, text) => {
    const known = places.get(at);
    if (known) return known.source.at(key === undefined ? known.path : [...known.path, key], text);
    if (at === whole || key === undefined) return source.at(key === undefined ? [] : [key], text);
    // A record that was put together out of several files: the entry is in the last one that has it.
    const field = Object.entries(whole).find(([, value]) => value === at)?.[0] as keyof Rules | undefined;
    const holder = [own, ...sets.map((set) => set.own)].find(
      (set) => field && typeof set[field] === 'object' && key in (set[field] as object),
    );
    const found = holder && places.get(holder);
    return found && field ? found.source.at([field, key], text) : source.at([], text);
  };
}
