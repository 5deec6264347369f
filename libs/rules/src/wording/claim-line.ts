import type { Finding } from '../finding.js';
import type { PlannedClaim } from '../plan.js';
import type { Line } from './line.js';
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
}

const THRESHOLDS = ['atLeast', 'continuousMonths', 'minimumMonths'];

/** What is to be said of a claim: whether it is as wanted, and what would mend it. */
export function claimLine(one: ClaimCase): Line {
  const { index, claim, finding, negated } = one;
  const common = { claim: index, type: claim.type, subject: claim.subject };
  const outcome = finding?.outcome ?? 'not_asked';
  if (outcome === 'not_asked' || outcome === 'not_needed')
    return { ...common, code: 'not_asked', text: about(one, say('未查询', 'not asked')) };
  if (outcome === 'unavailable')
    return {
      ...common,
      code: 'unavailable',
      text: about(one, say('暂未答复，系统将自动再查', 'no answer yet; it is asked again by itself')),
    };
  if (outcome === 'not_found' || outcome === 'ambiguous')
    return { ...common, code: outcome, office: one.words.office, text: unclear(one, outcome) };
  const holds = outcome === 'confirmed';
  if (holds !== negated) return { ...common, code: 'as_wanted', ...counted(one), text: asWanted(one) };
  if (negated) return { ...common, code: 'must_not_hold', text: about(one, say('有此情况，不符合', 'is so, and must not be')) };
  return { ...common, ...shortfall(one) };
}

function shortfall(one: ClaimCase): Pick<Line, 'code' | 'have' | 'need' | 'shortBy' | 'from' | 'by' | 'tooLate' | 'text'> {
  const { have, need, shortBy } = counted(one);
  const from = dayIn(one.finding?.disclosures?.earliestIfUnchanged);
  const by = countedTo(one.claim);
  const tooLate = from !== undefined && isTooLate(one.claim, from);
  const when = from === undefined ? say('', '') : tooLate ? tooLateWords(by as string) : fromWords(from);
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
  return { code: shortBy === undefined ? 'refuted' : 'short', have, need, shortBy, ...(tooLate ? { tooLate } : { from }), by, text };
}

const fromWords = (from: string) => say(`；${dayWords(from)} 起满足`, `; met from ${dayWords(from)}`);
const tooLateWords = (by: string) => say(`；截至 ${by} 无法满足`, `; cannot be met by ${by}`);

function counted({ claim, finding }: ClaimCase): { have?: number; need?: number; shortBy?: number } {
  const have = numberIn(finding?.disclosures?.months);
  const need = THRESHOLDS.map((name) => numberIn(claim.parameters[name])).find((number) => number !== undefined);
  if (have === undefined || need === undefined) return {};
  // Where the count is enough something else is missing, and no number tells it.
  const shortBy = numberIn(finding?.disclosures?.shortBy) ?? need - have;
  return { have, need, ...(shortBy > 0 ? { shortBy } : {}) };
}

function asWanted(one: ClaimCase) {
  const { have } = counted(one);
  if (one.negated) return about(one, say('无此情况，符合', 'is not so, as wanted'));
  return have === undefined
    ? about(one, say('符合', 'confirmed'))
    : about(one, say(`${monthsWords(have)['zh-CN']}，符合`, `${monthsWords(have).en}, enough`));
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
