/** Keys by which a lookup names its people. */
export const SUBJECT_KEYS = [
  'child',
  'guardian',
  'guardian2',
  'grandparent1',
  'grandparent2',
  'grandparent3',
  'grandparent4',
  'sibling1',
  'sibling2',
  'sibling3',
  'sibling4',
  'sibling5',
  'sibling6',
  'sibling7',
  'sibling8',
  'sibling9',
] as const;

/** A subject's key. */
export type SubjectKey = (typeof SUBJECT_KEYS)[number];

/** Whether a text is a subject's key. */
export const isSubjectKey = (text: string): text is SubjectKey => (SUBJECT_KEYS as readonly string[]).includes(text);

const WORDS: readonly string[] = ['anyGuardian', 'bothGuardians', 'anyGrandparent', 'family', 'them'];

/** Whether a text says whom a claim of a requirement set is about: a key, or a word for several people. */
export const isSubject = (text: string): boolean => isSubjectKey(text) || WORDS.includes(text);

/** Whether a text names a person that a claim of a requirement set involves: a key, with `?` when it may be left out, or `them`. */
export const isPerson = (text: string): boolean => text === 'them' || isSubjectKey(text.replace(/\?$/, ''));
