import type { ClaimCondition, Condition, People } from '../condition.js';
import { isClaim } from '../kinds.js';
import type { Text } from '../notes.js';
import type { RequirementSet } from '../requirement-set.js';
import { type DateValue, isExpression, type ParameterValue } from '../values.js';
import { join, personWords, say, type WordsOf } from './words.js';

/** What a set's conditions are told with. */
export interface DescribeOptions {
  readonly set: RequirementSet;
  readonly words: WordsOf;
}

/** A condition in words, both languages. */
export function describe(condition: Condition, options: DescribeOptions): Text {
  const all = (conditions: readonly Condition[], chinese: string, english: string): Text =>
    bracketed(
      conditions.map((part) => describe(part, options)),
      chinese,
      english,
    );
  if (isClaim(condition)) return describeClaim(condition, options);
  if ('allOf' in condition) return all(condition.allOf, '，且 ', ' and ');
  if ('anyOf' in condition) return all(condition.anyOf, '，或 ', ' or ');
  if ('ladder' in condition) return all(condition.ladder, '，否则 ', ', or else ');
  if ('atLeast' in condition) {
    const { count, of } = condition.atLeast;
    return join([say(`至少 ${count} 项：`, `at least ${count} of: `), all(of, '；', '; ')], '', '');
  }
  if ('not' in condition) return join([say('并非', 'not '), describe(condition.not, options)], '', '');
  if ('some' in condition)
    return join(
      [
        say(`${people(condition.some.of)['zh-CN']}中一人：`, `one of ${people(condition.some.of).en}: `),
        describe(condition.some.holds, options),
      ],
      '',
      '',
    );
  if ('every' in condition)
    return join(
      [
        say(`${people(condition.every.of)['zh-CN']}每人：`, `each of ${people(condition.every.of).en}: `),
        describe(condition.every.holds, options),
      ],
      '',
      '',
    );
  if ('use' in condition) {
    const used = options.set.conditions?.[condition.use];
    return condition.title ?? used?.title ?? (used ? describe(used, options) : say(condition.use, condition.use));
  }
  if ('stated' in condition)
    return options.set.facts?.find(({ id }) => id === condition.stated)?.title ?? say(condition.stated, condition.stated);
  if ('addressWithin' in condition) {
    const regions = regionsText(condition.addressWithin);
    return say(`地址在 ${regions}`, `the address lies in ${regions}`);
  }
  if ('dayBetween' in condition) {
    const { day, from, to } = condition.dayBetween;
    const [first, last] = [from === undefined ? '' : dateText(from), to === undefined ? '' : dateText(to)];
    return say(`${dateText(day)} 在 ${first}～${last}`, `${dateText(day)} in ${first}..${last}`);
  }
  if ('forEntryYears' in condition) {
    const { years, holds } = condition.forEntryYears;
    return join([say(`${years.join('、')} 年入学：`, `entry in ${years.join(', ')}: `), describe(holds, options)], '', '');
  }
  const { atLeast, moreThan } = condition.enoughPoints;
  return say(
    atLeast === undefined ? `积分 > ${moreThan}` : `积分 ≥ ${atLeast}`,
    atLeast === undefined ? `points > ${moreThan}` : `points ≥ ${atLeast}`,
  );
}

function describeClaim(claim: ClaimCondition, { words }: DescribeOptions): Text {
  const { title, parameters = {} } = words({ type: claim.type, parameters: claim.parameters });
  const told = Object.entries(claim.parameters ?? {}).map(([name, value]) => {
    const named = parameters[name] ?? say(name, name);
    return say(`${named['zh-CN']} ${valueText(value)}`, `${named.en} ${valueText(value)}`);
  });
  const who = personWords(claim.subject);
  const head = say(`${who['zh-CN']}：${title['zh-CN']}`, `${who.en}: ${title.en}`);
  return told.length === 0 ? head : join([head, say('（', ' ('), join(told, '，', ', '), say('）', ')')], '', '');
}

/** A parameter's value, in short: operators stay as they are written. */
export function valueText(value: ParameterValue): string {
  if (!isExpression(value)) return Array.isArray(value) ? value.join(' ') : String(value);
  if ('atLeast' in value) return `≥ ${value.atLeast}`;
  if ('moreThan' in value) return `> ${value.moreThan}`;
  if ('regions' in value) return value.regions;
  if ('input' in value) return value.input;
  return 'date' in value ? dateText(value.date) : dateText(value.month);
}

/** A day, in short. */
export function dateText(date: DateValue): string {
  if (typeof date === 'string') return date;
  const begin =
    date.monthDay ??
    date.of ??
    date.input ??
    Object.entries(date.byEntryYear ?? {})
      .map(([year, day]) => `${year}: ${day}`)
      .join(' ');
  const moved = (['years', 'months', 'days'] as const).flatMap((unit) => {
    const by = date[unit];
    return by ? [`${by > 0 ? '+' : ''}${by} ${unit}`] : [];
  });
  return [begin, ...moved, ...(date.endOfMonth ? ['end of month'] : [])].join(' ');
}

const regionsText = (regions: string | readonly string[]): string => (typeof regions === 'string' ? regions : regions.join(' '));

const GROUPS: Readonly<Record<string, Text>> = {
  guardians: say('监护人', 'the guardians'),
  grandparents: say('祖辈', 'the grandparents'),
  siblings: say('兄弟姐妹', 'the siblings'),
  family: say('全家', 'the family'),
};

const people = (group: People): Text =>
  typeof group === 'string' ? (GROUPS[group] ?? say(group, group)) : join(group.map(personWords), '、', ', ');

function bracketed(texts: readonly Text[], chinese: string, english: string): Text {
  const joined = join(texts, chinese, english);
  return texts.length < 2 ? joined : say(`（${joined['zh-CN']}）`, `(${joined.en})`);
}
