import type { ClaimWords } from '@vouch/rules';
import type { Language } from '@vouch/what-if';
import type { Move } from './compared.js';
import type { OpenedSet } from './open-set.js';

/** Words of a comparison, in one language. */
export interface MoveWords extends Labels {
  place(place: string): string;
  cause(because: Move['because']): string;
}

interface Labels {
  readonly families: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
  readonly category: string;
  readonly change: string;
  /** When the sets say the same. */
  readonly same: string;
  moved(moved: number, families: number, share: string): string;
  ways(gained: number, lost: number, other: number): string;
}

const LABELS: Readonly<Record<Language, Labels>> = {
  en: {
    families: 'families',
    from: 'from (A)',
    to: 'to (B)',
    because: 'because of',
    category: 'category',
    change: 'change',
    same: 'the rules say the same',
    moved: (moved, families, share) => `${moved} of ${families} families change category (${share} %)`,
    ways: (gained, lost, other) =>
      `${gained} come into a category, ${lost} fall out of all of them, ${other} change from one to another or stay open`,
  },
  'zh-CN': {
    families: '家庭数',
    from: '原类别 (A)',
    to: '新类别 (B)',
    because: '起因',
    category: '类别',
    change: '变化',
    same: '规则内容相同',
    moved: (moved, families, share) => `${families} 个家庭中 ${moved} 个类别改变（${share} %）`,
    ways: (gained, lost, other) => `${gained} 个由不符合变为符合，${lost} 个变为不符合，${other} 个改换类别或待定`,
  },
};

const PLACES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  not_met: { 'zh-CN': '不符合', en: 'not met' },
  undetermined: { 'zh-CN': '待定（须人工核实）', en: 'undetermined (a person must look)' },
};

const ORDER = { 'zh-CN': '类别的先后次序', en: 'the order of the categories' } as const;
const ONLY = {
  before: { 'zh-CN': '仅 A 有此类别', en: 'only A has the category' },
  after: { 'zh-CN': '仅 B 有此类别', en: 'only B has the category' },
} as const;
const ASKED = {
  before: { 'zh-CN': '仅 A 要求', en: 'only A asks for it' },
  after: { 'zh-CN': '仅 B 要求', en: 'only B asks for it' },
} as const;

const CONNECTED = { 'zh-CN': '两者都要求，但组合方式不同', en: 'both ask for it, in another connection' } as const;

/** Words for the categories of two sets, and for their rules. */
export function wordsOfMoves(before: OpenedSet, after: OpenedSet, language: Language): MoveWords {
  const rulesOf = (set: 'before' | 'after') => (set === 'before' ? before : after).set.rules;
  const titleOf = (id: string): string | undefined =>
    (['after', 'before'] as const).flatMap((set) => rulesOf(set).categories ?? []).find((category) => category.id === id)?.title[language];
  return {
    ...LABELS[language],
    place: (place) => PLACES[place]?.[language] ?? titleOf(place) ?? place,
    cause(because) {
      if (!because) return ORDER[language];
      const { set, category, only, type, parameters = {}, changed, fact } = because;
      if (only) return `${ONLY[set][language]}: ${titleOf(category) ?? category}`;
      if (type === undefined) return rulesOf(set).facts?.find(({ id }) => id === fact)?.title[language] ?? fact ?? category;
      const words = after.catalogue.words({ type, parameters });
      const what = Object.entries(changed ?? {}).map(
        ([name, [was, is]]) => `${nameOf(words, name, language)} ${wordOf(was)} → ${wordOf(is)}`,
      );
      if (what.length === 0) what.push((changed ? CONNECTED : ASKED[set])[language]);
      return `${words.title[language]}: ${what.join(', ')}`;
    },
  };
}

const nameOf = ({ parameters = {} }: ClaimWords, name: string, language: Language): string => parameters[name]?.[language] ?? name;

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
