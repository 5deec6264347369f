import type { People, Subject } from './condition.js';

const GUARDIANS = ['guardian', 'guardian2'];
const isSibling = (key: string): boolean => key.startsWith('sibling');
const isGrandparent = (key: string): boolean => key.startsWith('grandparent');

/** Those of several people who are named in a lookup, and those who belong to them and are not. */
export interface Group {
  readonly named: readonly string[];
  /** A rule for each of them cannot be known to hold without these. Nobody can say how many siblings or grandparents there are. */
  readonly unnamed: readonly string[];
}

/** The people that a condition runs over. */
export function groupOf(people: People, named: ReadonlySet<string>): Group {
  const split = (expected: readonly string[], others: readonly string[] = []): Group => ({
    named: [...expected.filter((key) => named.has(key)), ...others],
    unnamed: expected.filter((key) => !named.has(key)),
  });
  const among = (is: (key: string) => boolean): string[] => [...named].filter(is).sort();
  if (people === 'guardians') return split(GUARDIANS);
  if (people === 'grandparents') return split([], among(isGrandparent));
  if (people === 'siblings') return split([], among(isSibling));
  if (people === 'family') return split(['child', ...GUARDIANS], among(isSibling));
  return split(people);
}

/** What a word for several people in `subject` stands for. */
export const SUBJECT_WORDS: Readonly<Record<string, { readonly run: 'some' | 'every'; readonly of: People } | undefined>> = {
  anyGuardian: { run: 'some', of: 'guardians' },
  bothGuardians: { run: 'every', of: 'guardians' },
  anyGrandparent: { run: 'some', of: 'grandparents' },
  family: { run: 'every', of: 'family' },
};

/** Who is meant by `them`. */
export const THEM = 'them';

/** A person of a claim's `with` who is left out when nobody is named so: `guardian2?`. */
export function readPerson(person: Subject): { readonly key: string; readonly optional: boolean } {
  return person.endsWith('?') ? { key: person.slice(0, -1), optional: true } : { key: person, optional: false };
}
