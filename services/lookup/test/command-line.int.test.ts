import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ndjson, row, rows } from './batch-fixtures.js';
import { type LookupUnderTest, PLATFORM, startLookupUnderTest } from './lookup-under-test.js';

const VOUCH = fileURLToPath(new URL('../../../libs/command-line/bin/vouch.mjs', import.meta.url));

describe('the command vouch batch', () => {
  let lookup: LookupUnderTest;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vouch-command-'));
    lookup = await startLookupUnderTest();
  });
  afterAll(async () => {
    await lookup?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs it in a process of its own, without a terminal. */
  async function vouch(args: readonly string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) {
    const child = spawn(process.execPath, [VOUCH, 'batch', ...args], {
      cwd: folder,
      env: {
        VOUCH_URL: lookup.url,
        VOUCH_CLIENT_ID: PLATFORM,
        VOUCH_CLIENT_SECRET: lookup.issuer.secretOf(PLATFORM) ?? '',
        VOUCH_ISSUER: lookup.issuer.issuer,
        ...env,
      },
    });
    child.stdin.end(input);
    const [out, told] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { out, told, exit: child.exitCode };
  }
  const file = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(folder, name), content);
    return name;
  };

  it('submits, waits, and has the results', async () => {
    const submitted = await vouch(['submit', await file('people.ndjson', ndjson(rows(120))), '--wait']);
    expect(submitted).toMatchObject({ exit: 0, out: expect.stringMatching(/^[0-9a-f-]{36}\n$/) });
    expect(submitted.told).toContain('120 rows submitted');
    expect(submitted.told).toMatch(/100% {2}120\/120 {2}complete/);
    expect(submitted.told).not.toContain('\x1b');
    const id = submitted.out.trim();
    const results = await vouch(['results', id]);
    expect(results.exit).toBe(0);
    const lines = results.out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).row)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    const csv = await vouch(['results', id, '--format', 'csv', '--after', '118', '-o', 'results.csv']);
    expect(csv).toMatchObject({ exit: 0, out: '', told: 'Results up to row 120 are in results.csv\n' });
    expect((await readFile(join(folder, 'results.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(3);
    expect(JSON.parse((await vouch(['status', id])).out)).toMatchObject({ id, status: 'complete' });
    expect(await vouch(['watch', id])).toMatchObject({ exit: 0 });
    expect(await vouch(['cancel', id])).toMatchObject({ exit: 1, told: expect.stringContaining('batch_closed') });
  });

  it('says by its exit status that rows failed, and that a batch was cancelled', async () => {
    const zipped = await file('people.ndjson.gz', gzipSync(ndjson([row(), '{}', row()])));
    const failed = await vouch(['submit', zipped, '--wait']);
    expect(failed).toMatchObject({ exit: 3, told: expect.stringContaining('1 failed') });
    lookup.ports.away = true;
    const waiting = await vouch(['submit', '-', '--format', 'ndjson', '--key', 'from-stdin'], { input: ndjson(rows(3)) });
    const id = waiting.out.trim();
    expect(await vouch(['pause', id])).toMatchObject({ exit: 0, told: 'The batch is paused\n' });
    expect(await vouch(['resume', id])).toMatchObject({ exit: 0 });
    expect(await vouch(['cancel', id])).toMatchObject({ exit: 0 });
    lookup.ports.away = false;
    expect(await vouch(['watch', id])).toMatchObject({ exit: 4 });
    const again = await vouch(['submit', '-', '--format', 'ndjson', '--key', 'from-stdin'], { input: ndjson(rows(3)) });
    expect(again.out.trim()).toBe(id);
  });

  it('says what is wrong', async () => {
    const people = await file('some.ndjson', ndjson(rows(1)));
    expect(await vouch(['submit', people], { env: { VOUCH_CLIENT_ID: '' } })).toMatchObject({
      exit: 2,
      told: expect.stringContaining('Who are you?'),
    });
    expect(await vouch(['submit', people], { env: { VOUCH_CLIENT_SECRET: 'wrong' } })).toMatchObject({
      exit: 1,
      told: expect.stringContaining('invalid_client'),
    });
    expect(await vouch(['submit', people, '--nonsense'])).toMatchObject({ exit: 2 });
    expect(await vouch(['submit', '-'])).toMatchObject({ exit: 2, told: expect.stringContaining('--format') });
    expect(await vouch(['submit', 'nowhere.csv'])).toMatchObject({ exit: 1, told: expect.stringContaining('nowhere.csv') });
    expect(await vouch(['watch', 'x'])).toMatchObject({ exit: 1, told: expect.stringContaining('batch_not_found') });
    const odd = await file('odd.csv', 'purpose,shoe size\n');
    expect(await vouch(['submit', odd])).toMatchObject({ exit: 1, told: expect.stringContaining('batch_unreadable') });
    expect(await vouch(['watch', 'x'], { env: { VOUCH_URL: `http://127.0.0.1:${await freePort()}` } })).toMatchObject({
      exit: 5,
      told: expect.stringContaining('cannot be reached'),
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
