import type { Keyring } from '@vouch/identity';
import type { PersonalInputs } from '../domain/application.js';
import type { Claim } from '../domain/claim.js';
import type { Person } from '../requests/people.js';
import type { StoredClaim, Verification } from './verification.js';

/** What is needed to ask again, and is personal: kept sealed while a verification is pending, and no longer. */
export interface SealedPart {
  readonly people: Readonly<Record<string, Person>>;
  /** Roles and parameters of each claim, in the claims' order. */
  readonly asks: readonly Pick<Claim, 'with' | 'parameters'>[];
}

const placeOf = (id: string, column = 'sealed') => ({ table: 'lookup.verifications', row: id, column });

/** Seals people and parameters for one verification's row. */
export function seal(keyring: Keyring, id: string, people: Readonly<Record<string, Person>>, claims: readonly Claim[]): Buffer {
  const part: SealedPart = { people, asks: claims.map(({ with: involved, parameters }) => ({ with: involved, parameters })) };
  return keyring.seal(JSON.stringify(part), placeOf(id));
}

/** People and whole claims of a pending verification; undefined when nothing is sealed. */
export function unseal(
  keyring: Keyring,
  { id, sealed, claims }: Pick<Verification, 'id' | 'sealed' | 'claims'>,
): { people: SealedPart['people']; claims: Claim[] } | undefined {
  if (!sealed) return undefined;
  const part = JSON.parse(keyring.open(sealed, placeOf(id))) as SealedPart;
  return { people: part.people, claims: claims.map((claim, index) => toClaim(claim, part.asks[index])) };
}

/** As `unseal`, for what must go on: nobody and nothing when it cannot be read. */
export function unsealIfReadable(
  keyring: Keyring,
  verification: Pick<Verification, 'id' | 'sealed' | 'claims'>,
): NonNullable<ReturnType<typeof unseal>> {
  try {
    return unseal(keyring, verification) ?? { people: {}, claims: [] };
  } catch {
    return { people: {}, claims: [] };
  }
}

function toClaim({ type, version, agency, subject, asking }: StoredClaim, ask: SealedPart['asks'][number] | undefined): Claim {
  return { type, version, agency, subject, with: ask?.with ?? {}, parameters: ask?.parameters ?? {}, ...(asking ? { asking } : {}) };
}

/** Seals the inputs that tell of a family. */
export const sealPersonal = (keyring: Keyring, id: string, personal: PersonalInputs): Buffer =>
  keyring.seal(JSON.stringify(personal), placeOf(id, 'personal'));

/** The inputs that tell of a family. Throws when they cannot be read any more. */
export const unsealPersonal = (keyring: Keyring, id: string, sealed: Buffer): PersonalInputs =>
  JSON.parse(keyring.open(sealed, placeOf(id, 'personal'))) as PersonalInputs;
