import { expect, it } from 'vitest';
import { CODES, type Finding, toSarif } from '../src/index.js';
import { aSet, CATEGORIES, lintOf, SET } from './planted.js';

const findings = lintOf({ [SET]: aSet(CATEGORIES.replace('minimumShare: 51', 'minimumShare: 151').replace('有房', 'Home')) });
const first = findings[0] as Finding;
const run = (language: 'en' | 'zh-CN', base?: string) => {
  const [only, ...more] = toSarif(findings, { version: '1.2.3', language, base }).runs;
  expect(more).toEqual([]);
  if (!only) throw new Error('There is no run');
  return only;
};

it('names its schema, its version and its tool with every code as a rule', () => {
  const log = toSarif(findings, { version: '1.2.3', language: 'en' });
  expect(log).toMatchObject({ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json' });
  const { driver } = run('en').tool;
  expect(driver).toMatchObject({ name: 'vouch catalogue lint', semanticVersion: '1.2.3' });
  expect(driver.rules?.map(({ id }) => id)).toEqual(Object.keys(CODES));
});

it('tells each finding at its place, as the rule that it breaks', () => {
  const { results = [], tool } = run('en');
  expect(results).toHaveLength(findings.length);
  expect(findings.map(({ code }) => code)).toEqual(['text-missing', 'parameter-invalid']);
  for (const [index, { code, severity, file, line, column }] of findings.entries()) {
    expect(results[index]).toMatchObject({ ruleId: code, level: severity });
    expect(tool.driver.rules?.[results[index]?.ruleIndex ?? -1]?.id).toBe(code);
    expect(results[index]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: file, uriBaseId: 'CATALOGUE' },
          region: { startLine: line, startColumn: column },
        },
      },
    ]);
  }
});

it('speaks either language', () => {
  expect(run('en').results?.[0]?.message.text).toBe(`${first.message.en}. ${first.remedy.en}`);
  expect(run('zh-CN').results?.[0]?.message.text).toBe(`${first.message['zh-CN']}。${first.remedy['zh-CN']}`);
});

it('says where the catalogue is when that is known', () => {
  expect(run('en').originalUriBaseIds).toBeUndefined();
  expect(run('en', 'file:///catalogue/').originalUriBaseIds).toEqual({ CATALOGUE: { uri: 'file:///catalogue/' } });
});

it('knows a finding again on another line', () => {
  const moved = findings.map((finding) => ({ ...finding, line: finding.line + 7 }));
  const prints = (some: readonly Finding[]) =>
    toSarif(some, { version: '1', language: 'en' }).runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints);
  expect(prints(moved)).toEqual(prints(findings));
  expect(new Set(prints(findings)?.map((print) => JSON.stringify(print))).size).toBe(findings.length);
});
