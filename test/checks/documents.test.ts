import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);

/** Paths of the repository that a text names in backticks, from the root: those with a folder that exists at the top. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:services|libs|proto|deploy|docs)\/[\w./-]+)`/g)].flatMap(([, path]) => (path ? [path] : []));

/** Relative targets of links. */
const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].flatMap(([, target]) => (target ? [target] : []));

it.each(documents)('%s names only files that exist', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const missing = [
    // From the root, or from where the document is; a guide's invented agency need not exist.
    ...pathsIn(text)
      .filter((path) => !path.includes('registry-health'))
      .filter((path) => ![root, join(root, dirname(document))].some((from) => existsSync(join(from, path)))),
    ...linksIn(text).filter((target) => !existsSync(join(root, dirname(document), target))),
  ];
  expect(missing).toEqual([]);
});

it('finds a path that does not exist', () => {
  expect(pathsIn('see `services/lookup/src/nowhere.ts`').filter((path) => !existsSync(join(root, path)))).toHaveLength(1);
});
