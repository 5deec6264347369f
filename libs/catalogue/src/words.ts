import type { WordsOf } from '@vouch/rules';
import type { ClaimTexts } from './types.js';

/** Words for claims out of what the catalogue says of their types; a claim type that it knows nothing of is called by its name. */
export function createWords(texts: ReadonlyMap<string, ClaimTexts>): WordsOf {
  return ({ type, parameters }) => {
    const known = texts.get(type);
    if (!known) return { title: { 'zh-CN': type, en: type }, office: { 'zh-CN': '主管部门', en: 'the agency concerned' } };
    const { title, office, titles, parameters: names } = known;
    const value = titles && parameters?.[titles.parameter];
    return { title: (typeof value === 'string' && titles?.of[value]) || title, office, parameters: names };
  };
}
