import { type Consent, type DecidedPart, type Part, type Person, samePart, subjectsOf } from './consent.js';

/** PIPL §31: under 14, a parent or other guardian decides. */
export const OWN_DECISION_AGE = 14;
/** Civil Code §17: a guardian who decides is an adult. */
const ADULT_AGE = 18;

const PARENT_KEY = /^guardian\d?$/;
const GUARDIAN_KEY = /^(guardian|grandparent)\d?$/;

/** Full years of age of the persons named, by subject key. */
export type Ages = Readonly<Record<string, number>>;

/** On what ground a person may decide a part: for themselves, as the child's guardian (if the register confirms it), or not at all. */
export type Ground = 'self' | 'guardian' | 'none';

/** The ground on which a person may decide a part. A guardian's is only a claim until the register has confirmed it. */
export function groundToDecide(consent: Consent, ages: Ages, person: Person, part: Part): Ground {
  const keys = subjectsOf(consent, person);
  const age = ages[part.subject];
  if (age === undefined) return 'none';
  if (age >= OWN_DECISION_AGE) return keys.includes(part.subject) ? 'self' : 'none';
  return keys.some((key) => isNamedGuardian(key, ages) && key !== part.subject) ? 'guardian' : 'none';
}

/** The key under which a person would be a guardian, if any. */
export const guardianKeyOf = (consent: Consent, ages: Ages, person: Person): string | undefined =>
  subjectsOf(consent, person).find((key) => isNamedGuardian(key, ages));

const isNamedGuardian = (key: string, ages: Ages): boolean => GUARDIAN_KEY.test(key) && (ages[key] ?? 0) >= ADULT_AGE;

/** What a person wants to decide: the parts they named, or (none named) all that they may. */
export type Choice =
  | {
      readonly ok: true;
      readonly parts: readonly DecidedPart[];
      /** Children under 14 among them, whose guardian the person must be by the register. */
      readonly children: readonly string[];
    }
  | { readonly ok: false; readonly code: 'part_not_yours' };

/**
 * Which parts a person decides. `open` says which parts the command can still change.
 *
 * Parts named must each be theirs to decide. When none is named: all open ones that are theirs; a grandparent, who is seldom the
 * guardian, decides only for themselves then, unless they have no part of their own.
 */
export function chooseParts(
  consent: Consent,
  ages: Ages,
  person: Person,
  named: readonly Part[],
  open: (part: DecidedPart) => boolean,
): Choice {
  const groundOf = (part: Part) => groundToDecide(consent, ages, person, part);
  const chosen = named.length > 0 ? findAll(consent, named) : consent.parts.filter((part) => groundOf(part) !== 'none');
  if (!chosen || chosen.length === 0 || chosen.some((part) => groundOf(part) === 'none')) return { ok: false, code: 'part_not_yours' };
  const own = chosen.filter((part) => groundOf(part) === 'self');
  const asParent = subjectsOf(consent, person).some((key) => PARENT_KEY.test(key));
  const parts = (named.length > 0 || asParent || own.length === 0 ? chosen : own).filter(open);
  const children = parts.filter((part) => groundOf(part) === 'guardian').map((part) => part.subject);
  return { ok: true, parts, children: [...new Set(children)] };
}

function findAll(consent: Consent, named: readonly Part[]): DecidedPart[] | undefined {
  const found = named.map((wanted) => consent.parts.find((part) => samePart(part, wanted)));
  return found.every((part) => part !== undefined) ? found : undefined;
}
