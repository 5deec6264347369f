import type { ClaimCondition, Condition } from '../condition.js';
import { isClaim, walk } from '../kinds.js';
import type { Text } from '../notes.js';
import type { Category, RequirementSet } from '../requirement-set.js';
import type { ParameterValue } from '../values.js';
import { type DescribeOptions, dateText, describe, valueText } from './describe.js';
import { join, personWords, say, type WordsOf } from './words.js';

/** One way in which two sets differ. */
export interface Difference {
  readonly code:
    | 'category_added'
    | 'category_removed'
    | 'category_moved'
    | 'claim_added'
    | 'claim_removed'
    | 'parameter_changed'
    | 'condition_changed'
    | 'date_changed'
    | 'regions_changed'
    | 'rule_changed';
  /** Id of the category, or of what else it is about. */
  readonly at: string;
  readonly text: Text;
}

/** How a set differs from another, in words: what a family would have to know. Notes, titles and sources do not count. */
export function differences(before: RequirementSet, after: RequirementSet, words: WordsOf): Difference[] {
  return [
    ...categoryDifferences(before, after, words),
    ...namedDifferences(before, after, words),
    ...dateDifferences(before, after),
    ...ruleDifferences(before, after),
  ];
}

function categoryDifferences(before: RequirementSet, after: RequirementSet, words: WordsOf): Difference[] {
  const [old, now] = [before.categories ?? [], after.categories ?? []];
  const found: Difference[] = [];
  for (const category of old) {
    if (!now.some(({ id }) => id === category.id))
      found.push(told('category_removed', category.id, titled('取消类别', 'no longer a category', category)));
  }
  for (const category of now) {
    const was = old.find(({ id }) => id === category.id);
    if (!was) {
      const what = describe(category.when, { set: after, words });
      found.push(told('category_added', category.id, join([titled('新增类别', 'new category', category), what], '：', ': ')));
    } else {
      found.push(
        ...conditionDifferences(category.id, category.title, was.when, category.when, { set: before, words }, { set: after, words }),
      );
    }
  }
  const common = (list: readonly Category[], other: readonly Category[]) =>
    list.map(({ id }) => id).filter((id) => other.some((category) => category.id === id));
  const [first, then] = [common(old, now), common(now, old)];
  for (const [place, id] of then.entries()) {
    const category = now.find((one) => one.id === id) as Category;
    if (first[place] !== id) found.push(told('category_moved', id, titled('优先顺序改变', 'another place in the order', category)));
  }
  return found;
}

function namedDifferences(before: RequirementSet, after: RequirementSet, words: WordsOf): Difference[] {
  return Object.entries(after.conditions ?? {}).flatMap(([name, condition]) => {
    const was = before.conditions?.[name];
    if (!was) return [];
    return conditionDifferences(name, condition.title ?? say(name, name), was, condition, { set: before, words }, { set: after, words });
  });
}

function conditionDifferences(
  at: string,
  title: Text,
  was: Condition,
  now: Condition,
  before: DescribeOptions,
  after: DescribeOptions,
): Difference[] {
  if (shapeOf(was) === shapeOf(now)) return [];
  const within = (text: Text): Text => join([title, text], '：', ': ');
  const [old, current] = [claimsIn(was), claimsIn(now)];
  const found: Difference[] = [];
  const left = [...old];
  for (const claim of current) {
    const index = left.findIndex((other) => sameQuestion(other, claim));
    const match = index === -1 ? undefined : left.splice(index, 1)[0];
    if (!match) found.push(told('claim_added', at, within(join([say('新增', 'now also'), describe(claim, after)], ' ', ' '))));
    else found.push(...parameterDifferences(at, within, match, claim, after.words));
  }
  for (const claim of left)
    found.push(told('claim_removed', at, within(join([say('不再要求', 'no longer'), describe(claim, before)], ' ', ' '))));
  if (found.length > 0) return found;
  const text = join([describe(was, before), describe(now, after)], ' → ', ' → ');
  return [told('condition_changed', at, within(text))];
}

function parameterDifferences(
  at: string,
  within: (text: Text) => Text,
  was: ClaimCondition,
  now: ClaimCondition,
  words: WordsOf,
): Difference[] {
  const spoken = words({ type: now.type, parameters: now.parameters });
  const names = [...new Set([...Object.keys(was.parameters ?? {}), ...Object.keys(now.parameters ?? {})])];
  return names.flatMap((name) => {
    const [old, current] = [textOf(was.parameters?.[name]), textOf(now.parameters?.[name])];
    if (old === current) return [];
    const named = spoken.parameters?.[name] ?? say(name, name);
    const changed = say(`${old ?? '无'} → ${current ?? '无'}`, `${old ?? 'none'} → ${current ?? 'none'}`);
    const who = personWords(now.subject);
    const what = say(
      `${who['zh-CN']}的${spoken.title['zh-CN']}，${named['zh-CN']} ${changed['zh-CN']}`,
      `${spoken.title.en} of ${who.en}, ${named.en} ${changed.en}`,
    );
    return [told('parameter_changed', at, within(what))];
  });
}

function dateDifferences(before: RequirementSet, after: RequirementSet): Difference[] {
  const names = [...new Set([...Object.keys(before.dates ?? {}), ...Object.keys(after.dates ?? {})])];
  const dates = names.flatMap((name) => {
    const [was, now] = [before.dates?.[name], after.dates?.[name]].map((date) => (date === undefined ? '–' : dateText(date)));
    return was === now ? [] : [told('date_changed', name, say(`日期 ${name}：${was} → ${now}`, `the date ${name}: ${was} → ${now}`))];
  });
  const regions = Object.entries(after.regions ?? {}).flatMap(([name, codes]) => {
    const was = before.regions?.[name];
    if (!was || was.join() === codes.join()) return [];
    const change = `${was.join(' ')} → ${codes.join(' ')}`;
    return [told('regions_changed', name, say(`区域 ${name}：${change}`, `the regions ${name}: ${change}`))];
  });
  return [...dates, ...regions];
}

// What has no claims of its own to compare is told to have changed, by name.
function ruleDifferences(before: RequirementSet, after: RequirementSet): Difference[] {
  const parts = [
    ['points', '积分办法', 'the points scheme'],
    ['ties', '同分排序', 'the order of equals'],
    ['exceptions', '例外', 'the exceptions'],
    ['locks', '学位锁定', 'the locks'],
    ['age', '年龄', 'the age'],
    ['requires', '共同条件', 'what all categories require'],
  ] as const;
  return parts.flatMap(([key, chinese, english]) =>
    shapeOf(before[key] ?? []) === shapeOf(after[key] ?? [])
      ? []
      : [told('rule_changed', key, say(`${chinese}有变化`, `${english} changed`))],
  );
}

const NOTES = new Set(['title', 'source', 'legalBasis', 'reading', 'asking']);
const shapeOf = (value: unknown): string => JSON.stringify(value, (key, inner) => (NOTES.has(key) ? undefined : inner));
const claimsIn = (condition: Condition): ClaimCondition[] => [...walk(condition)].filter(isClaim);
const sameQuestion = (one: ClaimCondition, other: ClaimCondition): boolean => one.type === other.type && one.subject === other.subject;
const textOf = (value: ParameterValue | undefined): string | undefined => (value === undefined ? undefined : valueText(value));
const told = (code: Difference['code'], at: string, text: Text): Difference => ({ code, at, text });
const titled = (chinese: string, english: string, { title }: Category): Text =>
  say(`${chinese} ${title['zh-CN']}`, `${english}: ${title.en}`);
