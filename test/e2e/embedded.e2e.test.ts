import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it } from 'vitest';
import { readEmbedded, readFiles, search, toCanaries } from './canary.js';
import { embeddedMode } from './modes.js';
import { runScenarios } from './whole-suite.js';

const ALL_IN_ONE = fileURLToPath(new URL('../../services/all-in-one/dist/main.js', import.meta.url));

describe('embedded', () => {
  const { vouch, collector } = runScenarios(() => embeddedMode);

  it('refuses a second process on the same data, and says who has it', async () => {
    const second = spawnSync(process.execPath, [ALL_IN_ONE], {
      env: {
        PATH: process.env.PATH,
        VOUCH_DATA_DIR: vouch().dataDir,
        VOUCH_HTTP_PORT: '0',
        VOUCH_GRPC_PORT: '0',
        VOUCH_ISSUER_PORT: '0',
        VOUCH_REGISTRY_PORT: '0',
      },
      encoding: 'utf8',
    });
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/is in use by process \d+/);
    expect((await vouch().platform().consent(vouch().demo.consentId)).body.status).toBe('granted');
  });

  it('has leaked nobody: no log, span, event or row names a person', async () => {
    const canaries = toCanaries(vouch().demo);
    await vouch().stop();
    const { dataDir } = vouch();
    const places = async () => [
      ...(await readEmbedded(join(dataDir, 'store', 'postgres'))),
      ...(await readFiles(dataDir, (name) => /\.(log|jsonl)$/.test(name))),
      { name: 'OTLP', text: collector().received.join('\n') },
    ];
    expect((await places()).map(({ name }) => name)).toEqual(expect.arrayContaining(['table lookup.verifications', 'output.log', 'OTLP']));
    // The greeting prints an example of an invented family on purpose; it is not a log.
    const quiet = (text: string) =>
      text
        .split('\n')
        .filter((line) => !line.startsWith('curl '))
        .join('\n');
    expect(
      search(
        (await places()).map(({ name, text }) => ({ name, text: quiet(text) })),
        canaries,
      ),
    ).toEqual([]);

    // The canary can sing: planted where a leak would be, it is found.
    const [planted = ''] = canaries.keys();
    const store = new PGlite(join(dataDir, 'store', 'postgres'));
    await store.exec(`create table public.planted (note jsonb); insert into public.planted values ('{"about": "${planted}"}')`);
    await store.close();
    expect(search(await places(), canaries).map(({ place }) => place)).toContain('table public.planted');
    await vouch().start();
  });
});
