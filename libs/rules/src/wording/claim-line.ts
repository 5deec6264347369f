import type { Finding } from '../finding.js';
import type { Text } from '../notes.js';
import type { PlannedClaim } from '../plan.js';
import type { Line, LineCode } from './line.js';
import { countedTo, isTooLate } from './met-from.js';
import { type ClaimWords, dayWords, monthsWords, personWords, say } from './words.js';

/** One claim in an explanation. */
export interface ClaimCase {
  readonly index: number;
  readonly claim: PlannedClaim;
  readonly finding: Finding;
  readonly words: ClaimWords;
  /** Whether the rule wants that it does not hold. */
  readonly negated: boolean;
  /** Whether the plan asks the same of several people, so that they must be told apart. */
  readonly named: boolean;
  /** Whether an agency that did not answer is asked again. */
  readonly askedAgain: boolean;
}

const THRESHOLDS = ['atLeast', 'continuousMonths', 'minimumMonths'];

/** What is to be said of a claim: whether it is as wanted, and what would mend it. */
export function claimLine(one: ClaimCase): Line {
  const { finding, negated } = one;
  const outcome = finding?.outcome ?? 'not_asked';
  if (outcome === 'not_asked' || outcome === 'not_needed') return lineOf(one, 'not_asked', about(one, say('未查询', 'not asked')));
  if (outcome === 'unavailable') return lineOf(one, 'unavailable', about(one, one.askedAgain ? AGAIN : NO_ANSWER));
  if (outcome === 'not_found' || outcome === 'ambiguous') return lineOf(one, outcome, unclear(one, outcome), { office: one.words.office });
  const holds = outcome === 'confirmed';
  if (holds !== negated) return asWanted(one);
  if (negated) return lineOf(one, 'must_not_hold', about(one, say('有此情况，不符合', 'is so, and must not be')));
  return shortfall(one);
}

const AGAIN = say('暂未答复，系统将自动再查', 'no answer yet; it is asked again by itself');
const NO_ANSWER = say('未获答复', 'the agency did not answer');

// Written out, since each answer makes many of them: copying objects together costs ten times as much.
const lineOf = ({ index, claim }: ClaimCase, code: LineCode, text: Text, more: Partial<Line> = NOTHING): Line => ({
  code,
  claim: index,
  type: claim.type,
  subject: claim.subject,
  have: more.have,
  need: more.need,
  shortBy: more.shortBy,
  from: more.from,
  by: more.by,
  tooLate: more.tooLate,
  office: more.office,
  text,
});

const NOTHING: Partial<Line> = {};

function shortfall(one: ClaimCase): Line {
  const { have, need, shortBy } = counted(one);
  const earliest = dayIn(one.finding?.disclosures?.earliestIfUnchanged);
  const by = countedTo(one.claim);
  const tooLate = earliest !== undefined && isTooLate(one.claim, earliest);
  const when = earliest === undefined ? say('', '') : tooLate ? tooLateWords(by as string) : fromWords(earliest);
  const short =
    have === undefined || shortBy === undefined
      ? about(one, say('不符合', 'is not so'))
      : about(
          one,
          say(
            `${monthsWords(have)['zh-CN']}，还差 ${monthsWords(shortBy)['zh-CN']}`,
            `${monthsWords(have).en}, ${monthsWords(shortBy).en} short`,
          ),
        );
  const text = say(`${short['zh-CN']}${when['zh-CN']}`, `${short.en}${when.en}`);
  const from = tooLate ? undefined : earliest;
  const code = shortBy === undefined ? 'refuted' : 'short';
  return lineOf(one, code, text, { have, need, shortBy, from, by, tooLate: tooLate ? true : undefined });
}

const fromWords = (from: string) => say(`；${dayWords(from)} 起满足`, `; met from ${dayWords(from)}`);
const tooLateWords = (by: string) => say(`；截至 ${by} 无法满足`, `; cannot be met by ${by}`);

function counted({ claim, finding }: ClaimCase): Pick<Line, 'have' | 'need' | 'shortBy'> {
  const have = numberIn(finding?.disclosures?.months);
  const need = THRESHOLDS.map((name) => numberIn(claim.parameters[name])).find((number) => number !== undefined);
  if (have === undefined || need === undefined) return {};
  // Where the count is enough something else is missing, and no number tells it.
  const shortBy = numberIn(finding?.disclosures?.shortBy) ?? need - have;
  return { have, need, shortBy: shortBy > 0 ? shortBy : undefined };
}

function asWanted(one: ClaimCase): Line {
  const { have, need, shortBy } = counted(one);
  const said = one.negated
    ? say('无此情况，符合', 'is not so, as wanted')
    : have === undefined
      ? say('符合', 'confirmed')
      : say(`${monthsWords(have)['zh-CN']}，符合`, `${monthsWords(have).en}, enough`);
  return lineOf(one, 'as_wanted', about(one, said), { have, need, shortBy });
}

function unclear(one: ClaimCase, outcome: 'not_found' | 'ambiguous') {
  const { office } = one.words;
  return outcome === 'not_found'
    ? about(one, say(`未查到记录，请到${office['zh-CN']}核实`, `not on record: please ask at ${office.en}`))
    : about(
        one,
        say(
          `记录不能确定是否为本人（如同名），请到${office['zh-CN']}当面核实`,
          `the record may be somebody else's (the same name, say): please see ${office.en} in person`,
        ),
      );
}

function about({ words, claim, named }: ClaimCase, said: { 'zh-CN': string; en: string }) {
  const who = named ? personWords(claim.subject) : undefined;
  const title = words.title;
  return say(`${who ? `${who['zh-CN']}：` : ''}${title['zh-CN']} ${said['zh-CN']}`, `${who ? `${who.en}: ` : ''}${title.en}: ${said.en}`);
}

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const dayIn = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}(-\d{2})?$/.test(value) ? value : undefined;
