/** A text in both languages that Vouch speaks. */
export type Text = readonly [zh: string, en: string];

/** The language of a locale such as `zh_CN.UTF-8`; English when it says nothing. */
export const languageOf = (locale: string | undefined): 'zh-CN' | 'en' => (/^zh/i.test(locale ?? '') ? 'zh-CN' : 'en');

/** Picks the language of a locale. */
export function createSpeaker(locale: string | undefined): (text: Text) => string {
  const chinese = languageOf(locale) === 'zh-CN';
  return ([zh, en]) => (chinese ? zh : en);
}

/** Vouch's own words, as the glossary has them in Chinese. */
const WORDS: Readonly<Record<string, string>> = {
  requested: '待授权',
  granted: '已授权',
  refused: '已拒绝',
  withdrawn: '已撤回',
  pending: '待补全',
  complete: '已完成',
  closed: '已终止',
  met: '符合',
  not_met: '不符合',
  undetermined: '待定',
  confirmed: '属实',
  refuted: '不属实',
  not_found: '未查到',
  ambiguous: '需人工核对',
  unavailable: '暂不可用',
  answered: '已答复',
  child: '孩子',
  guardian: '监护人',
  police: '公安',
  housing: '住建',
  tax: '税务',
  'social-security': '社保',
};

/** Gives Vouch's words in the reader's language. */
export const createWording =
  (locale: string | undefined) =>
  (word: string): string =>
    (languageOf(locale) === 'zh-CN' && WORDS[word]) || word;

/** Everything the demo says. */
export const TEXTS = {
  found: ['找到正在运行的 Vouch', 'Found a running Vouch'],
  starting: ['没有正在运行的 Vouch,临时启动一个', 'No Vouch is running; starting one for the demo'],
  invented: ['以下人物和数据均为虚构', 'Everybody below is invented'],
  request: ['平台向监护人请求授权同意', 'A platform asks for consent'],
  grant: [
    '监护人登录并同意;孩子未满 14 岁,由公安核实的监护人代为同意',
    'The guardian signs in and grants, for the child too: the police confirm the guardianship',
  ],
  lookup: ['一次查询,四个部门', 'One lookup, four agencies'],
  hang: ['住建部门无响应,下一次查询如实给出部分结果', 'Housing hangs, and the next lookup is honestly partial'],
  back: ['住建部门恢复,同一次核验自行补全', 'Housing is back, and the same verification completes by itself'],
  withdraw: ['监护人撤回授权同意', 'The guardian withdraws'],
  refused: ['撤回后的查询被拒绝,并说明依据的规则', 'The next lookup is refused, with the rule that stands against it'],
  gone: ['此前的结果也不再可见', 'The earlier answer can no longer be read either'],
  log: ['谁看过孩子的信息:监护人随时可查', "Who looked at the child's data: the guardian sees it"],
  short: [
    '另一个家庭差一个月:招远的规则说清差什么、几时满足',
    'Another family is one month short: Zhaoyuan tells what is missing, and from when',
  ],
  thatDay: ['到那一天再申请:符合', 'The same application on that day'],
  otherCounty: [
    '换一个县:同样的情况在新泰按另一套规则判定',
    'Another county: had they come to Xintai with all they have, its rules say otherwise',
  ],
  nobodyAsked: ['假设推演:没有查询任何部门,也不留存', 'What if: no agency was asked, and nothing is kept'],
  trace: ['一次查询的完整链路', 'The trace of the first lookup'],
  verdict: ['结论', 'verdict'],
  status: ['状态', 'status'],
  done: ['演示结束', 'That was the demo'],
  seconds: ['秒', 's'],
  agency: ['部门', 'agency'],
  claim: ['事项', 'claim'],
  subject: ['当事人', 'about'],
  outcome: ['结果', 'outcome'],
  asOf: ['数据截至', 'as of'],
  disclosed: ['披露', 'disclosed'],
  time: ['时间', 'time'],
  platform: ['平台', 'platform'],
  result: ['结果', 'result'],
  asked: ['查询事项', 'asked'],
  irrelevant: ['已不影响结论', 'no longer matters'],
  noTrace: ['这个 Vouch 没有把链路写到本地文件', 'This Vouch keeps no spans in a local folder'],
} as const satisfies Record<string, Text>;
