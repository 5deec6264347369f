import type { Text } from '../notes.js';

/** How a claim is spoken of. */
export interface ClaimWords {
  /** Short: 养老保险, pension insurance. */
  readonly title: Text;
  /** Where a family goes when the record is wrong or cannot be found. */
  readonly office: Text;
  /** Names of parameters, for differences between sets. */
  readonly parameters?: Readonly<Record<string, Text>> | undefined;
}

/** Words for a claim. */
export type WordsOf = (claim: { readonly type: string; readonly parameters?: Readonly<Record<string, unknown>> | undefined }) => ClaimWords;

/** A text in both languages. */
export const say = (chinese: string, english: string): Text => ({ 'zh-CN': chinese, en: english });

/** Texts in a row. */
export const join = (texts: readonly Text[], chinese: string, english: string): Text =>
  say(texts.map((text) => text['zh-CN']).join(chinese), texts.map((text) => text.en).join(english));

const PEOPLE: readonly (readonly [prefix: string, words: Text])[] = [
  ['child', say('孩子', 'the child')],
  ['guardian2', say('另一监护人', 'the other guardian')],
  ['guardian', say('监护人', 'the guardian')],
  ['grandparent', say('祖辈', 'grandparent')],
  ['sibling', say('兄弟姐妹', 'sibling')],
  ['anyGuardian', say('任一监护人', 'either guardian')],
  ['bothGuardians', say('双方监护人', 'both guardians')],
  ['anyGrandparent', say('任一祖辈', 'any grandparent')],
  ['family', say('全家', 'the whole family')],
  ['them', say('同一人', 'the same person')],
];

/** Who a subject is. */
export function personWords(subject: string): Text {
  const exact = PEOPLE.find(([key]) => key === subject)?.[1];
  if (exact) return exact;
  const [prefix, words] = PEOPLE.find(([key]) => subject.startsWith(key)) ?? ['', say(subject, subject)];
  const number = subject.slice(prefix.length);
  return say(`${words['zh-CN']}${number}`, `${words.en} ${number}`.trim());
}

/** A day as people say it: the month alone when it is its first. */
export const dayWords = (day: string): string => (day.endsWith('-01') ? day.slice(0, 7) : day);

/** So many months. */
export const monthsWords = (months: number): Text => say(`${months} 个月`, months === 1 ? '1 month' : `${months} months`);
