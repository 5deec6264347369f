import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// A checker that silently checks nothing is worse than none: plant each violation and see the real rules find it.

const root = fileURLToPath(new URL('../../', import.meta.url));
let house: string;

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'layers-'));
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(join(house, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }));
  writeFileSync(join(house, 'layers.json'), readFileSync(join(root, 'layers.json')));
});
afterAll(() => rmSync(house, { recursive: true }));

function findings(file: string, imported: string): string[] {
  const path = join(house, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { planted } from '${imported}';\n\nexport const used = planted;\n`);
  const biome = join(root, 'node_modules/.bin/biome');
  const run = () =>
    execFileSync(biome, ['lint', '--reporter=json', file], { cwd: house, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    run();
    return [];
  } catch (failure) {
    const report = JSON.parse((failure as { stdout: string }).stdout) as { diagnostics: { category: string }[] };
    return report.diagnostics.map((diagnostic) => diagnostic.category);
  } finally {
    rmSync(path);
  }
}

const BROKEN: readonly (readonly [file: string, imported: string])[] = [
  ['services/lookup/src/domain/verdict.ts', 'node:fs'],
  ['services/lookup/src/domain/verdict.ts', 'kysely'],
  ['services/lookup/src/domain/verdict.ts', 'fastify'],
  ['services/lookup/src/domain/verdict.ts', '@grpc/grpc-js'],
  ['services/lookup/src/domain/verdict.ts', '../store.js'],
  ['services/lookup/src/verify.ts', '@vouch/consent'],
  ['services/lookup/src/verify.ts', '@vouch/registry-police'],
  ['services/lookup/src/verify.ts', 'kafkajs'],
  ['services/lookup/src/verify.ts', '@grpc/grpc-js'],
  ['services/lookup/src/verify.ts', 'pg'],
  ['services/lookup/src/verify.ts', '@opentelemetry/sdk-trace-base'],
  ['services/consent/src/store.ts', './service.js'],
  ['services/all-in-one/src/service.ts', 'kafkajs'],
  ['libs/catalogue/src/load.ts', '@vouch/lookup'],
  ['libs/rules/src/evaluate.ts', 'node:fs'],
  ['libs/rules/src/evaluate.ts', '@vouch/catalogue'],
  ['libs/store/src/postgres.ts', 'kafkajs'],
  ['libs/rpc/src/dial.ts', 'kafkajs'],
];

describe('layer rules', () => {
  it.each(BROKEN)('%s may not import %s', (file, imported) => {
    expect(findings(file, imported)).toContain('lint/style/noRestrictedImports');
  });

  it.each([
    ['libs/events/src/kafka-bus.ts', 'kafkajs'],
    ['libs/rpc/src/dial.ts', '@grpc/grpc-js'],
    ['libs/store/src/postgres.ts', 'pg'],
    ['services/all-in-one/src/service.ts', '@vouch/lookup'],
    ['services/lookup/src/domain/verdict.ts', './claim.js'],
  ])('%s may import %s', (file, imported) => {
    expect(findings(file, imported)).not.toContain('lint/style/noRestrictedImports');
  });
});
