import { type Evaluation, evaluate } from '../evaluate.js';
import type { Finding } from '../finding.js';
import type { Text } from '../notes.js';
import type { Plan, PlannedCategory, Term } from '../plan.js';
import { countItems } from '../points.js';
import { createReader, type Reader } from '../read-term.js';
import type { Fact } from '../requirement-set.js';
import type { Result } from '../truth.js';
import { claimLine } from './claim-line.js';
import type { Line } from './line.js';
import { metFrom } from './met-from.js';
import { join, personWords, say, type WordsOf } from './words.js';

/** One category, explained. */
export interface CategoryExplanation {
  readonly id: string;
  readonly title: Text | undefined;
  readonly result: Result;
  /** Day from which it would be met, if things go on as they are; undefined when waiting does not help. */
  readonly from?: string | undefined;
  /** What makes it so; of one that is met what meets it, of the others what is missing or open first. */
  readonly lines: readonly Line[];
  readonly text: Text;
}

/** An answer, explained. */
export interface Explanation {
  readonly verdict: Result;
  readonly categories: readonly CategoryExplanation[];
  /** Indexes of the claims that were not asked: they can no longer change the outcome. */
  readonly notAsked: readonly number[];
  /** What every `from` takes for granted; undefined when there is none. */
  readonly assumption?: Text | undefined;
  readonly text: Text;
}

/** What an explanation needs beside the plan and its findings. */
export interface ExplainOptions {
  readonly words: WordsOf;
  /** The set's facts. */
  readonly facts?: readonly Fact[] | undefined;
  readonly evaluation?: Evaluation | undefined;
  /** Whether agencies that did not answer are asked again; they are unless said. */
  readonly askedAgain?: boolean | undefined;
}

const ASSUMPTION = say(
  '前提：现状保持不变（社保继续按月缴纳，租赁备案和居住证不中断）。',
  'This takes for granted that things go on as they are: insurance is paid each month, lease and permit are not broken.',
);

/** Explains what the answers come to, category by category, in both languages and for programs. */
export function explain(plan: Plan, findings: readonly Finding[], options: ExplainOptions): Explanation {
  const evaluation = options.evaluation ?? evaluate(plan, findings);
  const reader = createReader(findings);
  const told = { plan, findings, reader, options, several: severalPeople(plan) };
  const categories = plan.categories.map((category, index) =>
    explainCategory(category, evaluation.categories[index]?.result ?? 'undetermined', told),
  );
  const notAsked = plan.claims.flatMap((_, index) => ((findings[index]?.outcome ?? 'not_asked') === 'not_asked' ? [index] : []));
  const dated = categories.some(({ from, lines }) => from !== undefined || lines.some(isDated));
  return {
    verdict: evaluation.verdict,
    categories,
    notAsked,
    assumption: dated ? ASSUMPTION : undefined,
    text: summary(evaluation, categories),
  };
}

interface Told {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly reader: Reader;
  readonly options: ExplainOptions;
  /** Claim types that are asked of several people. */
  readonly several: ReadonlySet<string>;
}

const RESULT: Readonly<Record<Result, Text>> = {
  met: say('符合', 'met'),
  not_met: say('不符合', 'not met'),
  undetermined: say('暂不能确定', 'not yet decided'),
};

function explainCategory({ id, title, when }: PlannedCategory, result: Result, told: Told): CategoryExplanation {
  const lines = topLines(when, false, told).sort((a, b) => Number(isGood(a)) - Number(isGood(b)));
  const from = result === 'met' ? undefined : metFrom(when, told.plan.claims, told.findings, told.reader);
  const telling = result === 'met' ? lines : lines.filter((line) => !isGood(line));
  const head = title ? say(`${title['zh-CN']}：`, `${title.en}: `) : say('', '');
  const detail =
    telling.length === 0
      ? say('', '')
      : join(
          [
            say('。', '. '),
            join(
              telling.map(({ text }) => text),
              '；',
              '; ',
            ),
          ],
          '',
          '',
        );
  return { id, title, result, from, lines, text: join([head, RESULT[result], detail], '', '') };
}

const isGood = ({ code, holds }: Line): boolean => code === 'as_wanted' || holds === true;

/** Whether a line, or one inside it, says from when. */
const isDated = ({ from, parts = [] }: Line): boolean => from !== undefined || parts.some(isDated);

/** The lines of a term that wants all of its parts; a line for any other. */
function topLines(term: Term, negated: boolean, told: Told): Line[] {
  if (term.kind === 'not') return topLines(term.of, !negated, told);
  const all = negated ? 'any' : 'all';
  const isAll = term.kind === all || (negated && term.kind === 'ladder');
  return isAll && 'of' in term && Array.isArray(term.of)
    ? term.of.flatMap((part: Term) => topLines(part, negated, told))
    : [lineOf(term, negated, told)];
}

function lineOf(term: Term, negated: boolean, told: Told): Line {
  const { plan, findings, reader, options } = told;
  switch (term.kind) {
    case 'claim': {
      const claim = plan.claims[term.claim] as Plan['claims'][number];
      const named = told.several.has(claim.type);
      return claimLine({
        index: term.claim,
        claim,
        finding: findings[term.claim],
        words: options.words(claim),
        negated,
        named,
        askedAgain: options.askedAgain ?? true,
      });
    }
    case 'fact': {
      const fact = options.facts?.find(({ id }) => id === term.fact);
      const title = fact?.title ?? say(term.fact, term.fact);
      const office = fact?.office ?? say('招生部门', 'the enrolment office');
      return {
        code: 'person_needed',
        fact: term.fact,
        office,
        text: say(`${title['zh-CN']}：须由${office['zh-CN']}当面核实`, `${title.en}: to be seen in person by ${office.en}`),
      };
    }
    case 'settled':
      return settledLine(term.why, (negated ? -term.truth : term.truth) as -1 | 0 | 1);
    case 'not':
      return lineOf(term.of, !negated, told);
    case 'points': {
      const { least, most } = countItems(term.scheme, term.items, findings, reader.truth);
      const need = term.strict
        ? say(`须高于 ${term.atLeast} 分`, `more than ${term.atLeast} needed`)
        : say(`须达 ${term.atLeast} 分`, `${term.atLeast} needed`);
      const have = least === most ? String(least) : `${least}–${Number.isFinite(most) ? most : '?'}`;
      return { code: 'points', have: least, need: term.atLeast, text: say(`积分 ${have}，${need['zh-CN']}`, `${have} points, ${need.en}`) };
    }
    case 'atLeast':
      return groupLine('some_of', term.count, term.of, negated, told);
    default:
      return (term.kind === 'all') === negated ? groupLine('one_of', 1, term.of, negated, told) : allLine(term.of, negated, told);
  }
}

function groupLine(code: 'one_of' | 'some_of', need: number, of: readonly Term[], negated: boolean, told: Told): Line {
  const parts = of.map((part) => lineOf(part, negated, told));
  const good = parts.filter((line) => line.code === 'as_wanted');
  // Of alternatives of which one is as wanted, that one says it all.
  if (code === 'one_of' && !negated && good[0]) return good[0];
  const head = code === 'one_of' ? say('须符合其一', 'one of these') : say(`须符合其中 ${need} 项`, `${need} of these`);
  const listed = join(
    parts.map(({ text }) => text),
    '；或 ',
    '; or ',
  );
  return { code, need, parts, text: say(`${head['zh-CN']}（${listed['zh-CN']}）`, `${head.en} (${listed.en})`) };
}

/** Several that all are wanted, as one of alternatives: what is missing tells it. */
function allLine(of: readonly Term[], negated: boolean, told: Told): Line {
  const parts = of.map((part) => lineOf(part, negated, told));
  const missing = parts.filter(({ code }) => code !== 'as_wanted');
  const code = missing.length === 0 ? 'as_wanted' : 'all_of';
  return {
    code,
    parts,
    text: join(
      (missing.length === 0 ? parts : missing).map(({ text }) => text),
      '，且 ',
      ' and ',
    ),
    need: parts.length,
  };
}

function settledLine(why: string, truth: -1 | 0 | 1): Line {
  const [kind, what = ''] = why.split(':');
  if (kind === 'person_missing') {
    const who = personWords(what);
    return { code: 'person_missing', subject: what, text: say(`申请中没有${who['zh-CN']}`, `${who.en} is not named in the application`) };
  }
  if (kind === 'input_missing') return { code: 'input_missing', text: say(`申请中缺少 ${what}`, `the application does not state ${what}`) };
  const result = truth === 1 ? say('符合', 'as wanted') : truth === -1 ? say('不符合', 'not as wanted') : say('不能确定', 'open');
  const subject =
    kind === 'address'
      ? say('地址所在片区', 'the zone of the address')
      : kind === 'day'
        ? say('日期', 'the day')
        : say('已申明的情况', 'what was stated');
  return { code: 'settled', holds: truth === 1, text: say(`${subject['zh-CN']}${result['zh-CN']}`, `${subject.en}: ${result.en}`) };
}

function summary({ verdict, reached, possible }: Evaluation, categories: readonly CategoryExplanation[]): Text {
  const titles = (indexes: readonly number[]): Text =>
    join(
      indexes.map((index) => categories[index]?.title ?? say(String(index), String(index))),
      '、',
      ', ',
    );
  if (verdict === 'not_met') return say('各类别均不符合。', 'No category is met.');
  const open = possible.length > 0 ? titles(possible) : undefined;
  if (reached === undefined)
    return say(`暂不能确定，仍可能符合：${open?.['zh-CN']}。`, `Not yet decided; these may still be met: ${open?.en}.`);
  const best = titles([reached]);
  const rest = open
    ? say(`；优先的类别仍可能符合：${open['zh-CN']}`, `; of those before it these may still be met: ${open.en}`)
    : say('', '');
  return say(`符合：${best['zh-CN']}${rest['zh-CN']}。`, `Met: ${best.en}${rest.en}.`);
}

function severalPeople(plan: Plan): ReadonlySet<string> {
  const first = new Map<string, string>();
  const several = new Set<string>();
  for (const { type, subject } of plan.claims) {
    if ((first.get(type) ?? subject) !== subject) several.add(type);
    first.set(type, subject);
  }
  return several;
}
