import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BOUNDS } from './bounds.js';

it('the document lists every bound with its value, and no other', () => {
  const document = readFileSync(new URL('../../../../docs/batches.md', import.meta.url), 'utf8');
  const section = document.split('## Bounds\n')[1]?.split('\n## ')[0] ?? '';
  const listed = [...section.matchAll(/^\| `(\w+)` \| (\d+)/gm)].map(([, name, value]) => [name, Number(value)]);
  expect(Object.fromEntries(listed)).toEqual(BOUNDS);
});
