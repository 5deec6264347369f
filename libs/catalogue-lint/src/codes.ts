import type { Text } from '@vouch/rules';
import type { Severity } from './finding.js';

/** What a code stands for. `docs/lint.md` says the same, and a test holds the two together. */
export interface Meaning {
  readonly severity: Severity;
  readonly title: Text;
  readonly remedy: Text;
}

const meaning = (severity: Severity, title: readonly [zh: string, en: string], remedy: readonly [zh: string, en: string]): Meaning => ({
  severity,
  title: { 'zh-CN': title[0], en: title[1] },
  remedy: { 'zh-CN': remedy[0], en: remedy[1] },
});

/** Every code of a finding. */
export const CODES = {
  'catalogue-faulty': meaning(
    'error',
    ['目录有错，不能加载', 'The catalogue is faulty and cannot be loaded'],
    ['按所述更正后重新检查', 'Mend what it says, then lint again'],
  ),
  'proof-without-basis': meaning(
    'error',
    ['证明材料没有法律法规依据', 'A proof has no legal basis'],
    ['取消该材料，或写明其法律法规依据', 'Drop it, or name the law or regulation that lets it be asked for'],
  ),
  'claim-without-basis': meaning(
    'warning',
    ['核验事项没有写明依据', 'A claim does not say why it may be asked'],
    ['在该条件、类别或条件集上写明 legalBasis', 'Give the condition, its category or the set a legalBasis'],
  ),
  'fact-unlisted': meaning(
    'note',
    ['清单没有写明要交什么', 'A fact is looked at, and the list does not say what a family brings'],
    ['在 evidence/ 的 now 中写明', 'Say so in `now` of its evidence file'],
  ),
  'list-outdated': meaning(
    'warning',
    ['清单与条件集不一致', 'A list speaks of what its set does not have'],
    ['按条件集更正清单', 'Mend the list by the set'],
  ),
  'proof-withdrawn': meaning(
    'error',
    ['证明材料已被明令取消', 'A proof has been done away with by order'],
    ['从清单中删除；确有需要的，改用登记数据', 'Take it off the list; what is truly needed, ask of the registers'],
  ),
  'proof-shown-by-licence': meaning(
    'warning',
    ['已有证照可以证明', 'A certificate that families hold shows it'],
    ['改为查验该证照', 'Look at that certificate instead'],
  ),
  'proof-promise-would-do': meaning(
    'warning',
    ['可以用告知承诺代替', 'A written promise would do'],
    ['改为告知承诺', 'Take a written promise in its place'],
  ),
  'proof-repeated': meaning(
    'warning',
    ['同一事实要求两份证明', 'Two proofs of one fact'],
    [
      '只留一份；另一份仅在数据查不到时要（fallback）',
      'Keep one; ask for the other only of those of whom the data says nothing (fallback)',
    ],
  ),
  'data-could-supply': meaning(
    'warning',
    ['部门数据可以提供', "An agency's data could supply it"],
    ['改为核验该事项，不再要求家庭提供', 'Ask the claim in its place, and nothing of the family'],
  ),
  'proof-uncertifiable': meaning(
    'error',
    ['出具单位无法查证', 'Nobody can certify it'],
    ['取消；确有需要的，改为上门核实或告知承诺', 'Drop it; if it is truly needed, visit, or take a written promise'],
  ),
  'proof-too-early': meaning(
    'warning',
    ['不得作为入学前置条件', 'It must not be a condition of entry'],
    ['改为开学后补交（due: after-entry）', 'Let it follow after term starts (due: after-entry)'],
  ),
  'issue-circle': meaning(
    'error',
    ['循环证明', 'Circular proofs'],
    ['其中一项改由数据核验，或取消一个环节', 'Have one of them checked by data, or break the circle at one of its steps'],
  ),
  'claim-repeated': meaning(
    'warning',
    ['同一事项在一处要求两次', 'The same condition stands twice in one place'],
    ['删除其中一项', 'Take one of them out'],
  ),
  'claim-implied': meaning(
    'warning',
    ['一项要求已包含在另一项中', 'A condition is implied by another beside it'],
    ['删除被包含的一项', 'Take out the one that is implied'],
  ),
  'alternative-pointless': meaning(
    'warning',
    ['备选之一永远用不到', 'An alternative is never needed, since another asks less'],
    ['删除要求更严的一项，或更正参数', 'Take out the one that asks more, or mend its parameters'],
  ),
  'category-impossible': meaning(
    'error',
    ['没有家庭能符合该类别', 'No family can ever be in the category'],
    ['更正相互矛盾的条件', 'Mend the conditions that contradict each other'],
  ),
  'category-pointless': meaning(
    'warning',
    ['符合该类别的家庭都已符合更高类别', 'Whoever is in the category is in a higher one already'],
    ['删除该类别，或更正其条件、次序', 'Take the category out, or mend its conditions or its place'],
  ),
  'claim-unused': meaning(
    'note',
    ['没有规则用到该事项类型', 'No rule uses the claim type'],
    ['确认是否仍需要；不用的不应授权查询', 'See whether it is still needed; nobody should have the right to ask what no rule uses'],
  ),
  'claim-outdated': meaning(
    'note',
    ['事项类型已有新版本', 'There is a newer version of the claim type'],
    ['核对含义的变化后改用新版本', 'See how its meaning changed, then name the new version'],
  ),
  'name-unused': meaning(
    'note',
    ['定义了但没有用到', 'Something is defined and never used'],
    ['删除，或补上漏用之处', 'Take it out, or use it where it was forgotten'],
  ),
  'provider-missing': meaning(
    'error',
    ['该地区没有数据提供方', 'No provider answers in the region'],
    ['登记提供方，或把条件集标为 whatIfOnly', 'Add a provider, or mark the set whatIfOnly'],
  ),
  'parameter-invalid': meaning(
    'error',
    ['参数超出范围', 'A parameter is out of range'],
    ['按事项类型的参数说明更正', "Mend it by the claim type's parameters"],
  ),
  'date-contradiction': meaning('error', ['日期相互矛盾', 'Dates contradict each other'], ['更正其中一个日期', 'Mend one of the dates']),
  'text-missing': meaning(
    'warning',
    ['缺少一种语言的文字', 'A text is missing in a language'],
    ['补上该语言的文字', 'Write it in that language'],
  ),
  'relation-missing': meaning(
    'note',
    ['参数没有强弱说明，无法比较', 'A parameter has no order, so that conditions cannot be compared by it'],
    ['在 claim-relations.yaml 中写明', 'Say in claim-relations.yaml which of two values asks more'],
  ),
} as const satisfies Readonly<Record<string, Meaning>>;

/** A finding's code. */
export type Code = keyof typeof CODES;
