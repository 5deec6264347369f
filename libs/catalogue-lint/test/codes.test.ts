import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CODES } from '../src/index.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('the page of the lint tells every code as it is', () => {
  const rows = [
    ...read('../../../docs/lint.md').matchAll(/^\| `([a-z-]+)` \| (error|warning|note) \| (.+?) · (.+?) \| (.+?) · (.+?) \|$/gm),
  ];
  const told = Object.fromEntries(
    rows.map(([, code, severity, en, zh, remedyEn, remedyZh]) => [
      code,
      { severity, title: { 'zh-CN': zh, en }, remedy: { 'zh-CN': remedyZh, en: remedyEn } },
    ]),
  );
  expect(told).toEqual(CODES);
});

it('every code is planted in a test', () => {
  const tests = ['sets', 'proofs', 'rest'].map((name) => read(`./${name}.test.ts`)).join('\n');
  const elsewhere = ['catalogue-faulty'];
  expect(Object.keys(CODES).filter((code) => !tests.includes(code) && !elsewhere.includes(code))).toEqual([]);
});
