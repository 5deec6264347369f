// Generated files must be what the generators make of the sources now: run them, and see whether anything changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const GENERATED = [
  'proto/gen',
  'docs/openapi.json',
  'docs/asyncapi.yaml',
  'libs/catalogue/data/claim-types.generated.json',
  'libs/catalogue/requirement-set.schema.json',
];

const filesOf = (path) =>
  statSync(join(root, path)).isDirectory() ? readdirSync(join(root, path)).flatMap((name) => filesOf(`${path}/${name}`)) : [path];
const digests = () =>
  new Map(
    GENERATED.flatMap(filesOf).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex'),
    ]),
  );

const before = digests();
for (const script of ['generate:proto', 'generate:documents']) {
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(1);
}
const after = digests();

const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
if (stale.length > 0) {
  process.stderr.write(
    `These generated files were stale and are made anew now; commit them:\n${stale.map((file) => `  ${file}\n`).join('')}`,
  );
  process.exit(1);
}
