import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BOUNDS } from '../src/batches/bounds.js';
import { type LookupProcess, type LookupProcesses, startLookupProcesses } from './lookup-processes.js';
import { eventually } from './lookup-under-test.js';

const serverUrl = inject('databaseUrl');
const brokers = inject('kafkaBrokers');

describe.skipIf(!serverUrl || !brokers)('a large upload', () => {
  let shared: LookupProcesses;
  let lookup: LookupProcess;

  beforeAll(async () => {
    shared = await startLookupProcesses(serverUrl ?? '', brokers ?? '');
    lookup = await shared.start();
  });
  afterAll(() => shared?.[Symbol.asyncDispose]());

  /** Uploads NDJSON of this compressed part so many times over. */
  async function upload(part: Buffer, times: number): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${lookup.url}/v1/batches`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await lookup.platformToken()}`,
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
      },
      body: Buffer.concat(Array.from({ length: times }, () => part)),
    });
    return { status: answer.status, body: await answer.json() };
  }

  it.skipIf(process.platform !== 'linux')('is read piece by piece: it takes no memory of its size', async () => {
    const megabytes = 200;
    // Of rows that are too long nothing is stored, so that reading is all there is to it.
    const megabyte = gzipSync(`${'x'.repeat(99_999)}\n`.repeat(10));
    const before = await lookup.peakBytes();
    expect(await upload(megabyte, megabytes)).toMatchObject({ status: 201, body: { rows: { total: megabytes * 10 } } });
    expect((await lookup.peakBytes()) - before).toBeLessThan((megabytes * 1_000_000) / 2);
  });

  it('of more rows than a batch may have is refused and leaves nothing', async () => {
    const left = shared.store.db.selectFrom('batches').select('id').where('status', '=', 'receiving');
    const thousand = gzipSync('{}\n'.repeat(1_000));
    const refused = await upload(thousand, BOUNDS.mostRows / 1_000 + 1);
    expect(refused).toMatchObject({ status: 413, body: { code: 'batch_too_large' } });
    await eventually(async () => (await left.execute()).length === 0);
  });
});
