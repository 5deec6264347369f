import type { Text } from '@vouch/rules';
import type { Fate, Supplier } from './evidence-list.js';

/** A language of lists. */
export type Language = keyof Text;

const say = (chinese: string, english: string): Text => ({ 'zh-CN': chinese, en: english });

/** The words of a list's page around what the catalogue says. */
export const WORDS = {
  heading: say('入学材料清单', 'What is needed at enrolment'),
  intro: say(
    '需要什么、凭什么要、由谁提供：能由部门数据核验的，不用您提交材料。',
    'What is needed, why, and who supplies it: what the data of agencies can answer, you need not bring.',
  ),
  entry: say('入学年份', 'Entry'),
  basis: say('依据', 'Legal basis'),
  sources: say('规则出处', 'Where the rules were published'),
  secondHand: say('转载，请以主管部门原文为准', 'second-hand: the bureau’s own text decides'),
  before: say('以前要交', 'Papers before'),
  now: say('现在要交', 'Papers now'),
  data: say('由数据核验的事项', 'Answered by data'),
  looked: say('由人核实的事项', 'Looked at by a person'),
  unknown: say('未统计', 'not counted'),
  what: say('需要什么', 'What is needed'),
  why: say('为什么', 'Why'),
  who: say('由谁提供', 'Who supplies it'),
  noWhy: say('未写明', 'not stated'),
  oneOf: say('以下满足其一即可：', 'One of these is enough:'),
  youBring: say('您要带的材料', 'What you bring'),
  nothing: say('没有。', 'Nothing.'),
  fallback: say('仅在数据查不到时', 'only when the data says nothing of you'),
  afterEntry: say('可在开学后补交', 'may follow after term starts'),
  was: say('以前的清单', 'The list from before'),
  fate: say('现在', 'Now'),
  other: say('English', '中文'),
} as const satisfies Readonly<Record<string, Text>>;

const FATES: Readonly<Record<Fate, Text>> = {
  data: say('由数据核验', 'the data answers it'),
  asked: say('仍要提交', 'still to be brought'),
  fallback: say('仅在数据查不到时提交', 'only when the data says nothing of you'),
  dropped: say('不再要求', 'asked of nobody any more'),
};

/** What became of a paper, in words. */
export const fateWords = (fate: Fate, suppliedBy: readonly Text[], language: Language): string => {
  const names = suppliedBy.map((text) => text[language]).join(language === 'en' ? ', ' : '、');
  return fate === 'data' ? `${FATES.data[language]}${language === 'en' ? `: ${names}` : `：${names}`}` : FATES[fate][language];
};

/** Who supplies something, in words; the same office once. */
export const suppliersWords = (suppliers: readonly Supplier[], language: Language): readonly string[] => [
  ...new Set(suppliers.map((supplier) => supplierWords(supplier, language))),
];

function supplierWords(supplier: Supplier, language: Language): string {
  const tell = (text: Text): string => text[language];
  if (supplier.by === 'data') return tell(say(`数据（${supplier.office['zh-CN']}）`, `data (${supplier.office.en})`));
  if (supplier.by === 'family') {
    return tell(say(`您：${supplier.paper['zh-CN']}（${supplier.issuer['zh-CN']}）`, `you: ${supplier.paper.en} (${supplier.issuer.en})`));
  }
  return tell(say(`由人核实（${supplier.office['zh-CN']}）`, `a person looks (${supplier.office.en})`));
}
