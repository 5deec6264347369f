import { type Day, dayBefore } from '@vouch/adapter-sdk/calendar';

/** What the register knows of somebody's birth family. */
export interface Relative {
  readonly idNumber: string;
  readonly birthDate: Day;
  readonly male: boolean;
  /** ID numbers of the parents on record. */
  readonly parents: readonly string[];
  /** Other children of the same parents. */
  readonly brothers: number;
  readonly sisters: number;
}

/** What the subject may be to somebody. */
export const KINSHIPS = ['child', 'grandchild', 'sibling'] as const;

type Kinship = (typeof KINSHIPS)[number];
type Ruling = { readonly outcome: 'confirmed' | 'refuted' };

const ruling = (holds: boolean): Ruling => ({ outcome: holds ? 'confirmed' : 'refuted' });

/**
 * Whether somebody is a relative's child, grandchild or sibling by birth. `parents` are the subject's parents on record; of a grandchild, `through`
 * is the one parent through whom it must be.
 */
export function ruleOnKinship(subject: Relative, relative: Relative, as: Kinship, parents: readonly Relative[], through?: string): Ruling {
  if (as === 'child') return ruling(subject.parents.includes(relative.idNumber));
  if (as === 'sibling') return ruling(haveParentInCommon(subject, relative));
  const linking = parents.filter((parent) => parent.parents.includes(relative.idNumber));
  return ruling(linking.some(({ idNumber }) => through === undefined || idNumber === through));
}

/** Whether two people were born together, as twins are: of one parent on record, on the same day or over one midnight. */
export function ruleOnBirthTogether(one: Relative, other: Relative): Ruling {
  const [first, second] = [one.birthDate, other.birthDate].sort() as [Day, Day];
  return ruling(haveParentInCommon(one, other) && (first === second || first === dayBefore(second)));
}

/** Among whom somebody must be the only one. */
export const AMONG = ['children', 'sons', 'daughters'] as const;

/** Whether somebody is their parents' only child, only son or only daughter. */
export function ruleOnOnlyChild(subject: Relative, among: (typeof AMONG)[number]): Ruling {
  if (among === 'sons') return ruling(subject.male && subject.brothers === 0);
  if (among === 'daughters') return ruling(!subject.male && subject.sisters === 0);
  return ruling(subject.brothers + subject.sisters === 0);
}

const haveParentInCommon = (one: Relative, other: Relative): boolean =>
  one.idNumber !== other.idNumber && one.parents.some((parent) => other.parents.includes(parent));
