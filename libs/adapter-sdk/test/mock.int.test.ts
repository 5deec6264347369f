import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { Faults, MockControlServiceService } from '@vouch/proto/mock/v1/mock';
import { dial, type Port } from '@vouch/rpc';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outcomeOf, toQuery } from '../src/conformance/queries.js';
import { type RunningAdapter, startAdapter } from '../src/index.js';
import { createExample, LI } from './example-adapter.js';

const TOKEN = 'a-control-token-for-tests';
const CLI = fileURLToPath(new URL('../dist/faults-cli.js', import.meta.url));

/** Whether a connection can be made. */
function listens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(address.split(':')[1]), address.split(':')[0]);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('a mock', () => {
  const { adapter } = createExample({ largestBatch: 100 });
  let running: RunningAdapter;
  let provider: Port<EvidenceProviderService> & AsyncDisposable;
  let control: Port<MockControlServiceService> & AsyncDisposable;
  const call = () => ({ signal: AbortSignal.timeout(10_000) });
  const query = () =>
    toQuery(adapter, { claimType: 'simple', parameters: { region: '370102' }, persons: { subject: LI }, outcome: 'confirmed' });
  const ask = async (count = 1) => (await provider.check({ queries: Array.from({ length: count }, query) }, call())).answers;
  const set = (faults: Partial<Faults>) => control.setFaults({ faults: Faults.create(faults) }, call());
  const dialControl = (authorization?: string) =>
    dial(MockControlServiceService, {
      address: running.controlAddress ?? '',
      tracer: silentTracer,
      metadata: authorization === undefined ? {} : { authorization },
    });

  beforeEach(async () => {
    running = await startAdapter(adapter, {
      address: '127.0.0.1:0',
      tracer: silentTracer,
      logger: silentLogger,
      mock: { controlAddress: '127.0.0.1:0', controlToken: TOKEN, profile: 'instant' },
    });
    provider = dial(EvidenceProviderService, { address: running.address, tracer: silentTracer });
    control = dialControl(`Bearer ${TOKEN}`);
  });
  afterEach(async () => {
    await provider[Symbol.asyncDispose]();
    await control[Symbol.asyncDispose]();
    await running[Symbol.asyncDispose]();
  });

  it('is controlled only by who bears its token', async () => {
    for (const authorization of [undefined, 'Bearer wrong', `bearer ${TOKEN}`, TOKEN]) {
      await using stranger = dialControl(authorization);
      await expect(stranger.getFaults({}, call())).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    await expect(control.getFaults({}, call())).resolves.toMatchObject({ queries: 0n });
  });

  it('has no control without being a mock', async () => {
    await using real = await startAdapter(adapter, { address: '127.0.0.1:0', tracer: silentTracer, logger: silentLogger });
    expect(real.controlAddress).toBeUndefined();
    await using port = dial(MockControlServiceService, { address: real.address, tracer: silentTracer });
    await expect(port.getFaults({}, call())).rejects.toMatchObject({ retryable: false });
  });

  it('fails with the code asked for, counts, and heals', async () => {
    await set({ errorRate: 1, errorCode: 'agency_timeout' });
    expect((await ask(3)).map(outcomeOf)).toEqual(Array(3).fill('fault agency_timeout'));
    await control.setFaults({ faults: undefined }, call());
    expect((await ask()).map(outcomeOf)).toEqual(['confirmed']);
    expect(await control.getFaults({}, call())).toMatchObject({ queries: 4n, findings: 1n, faulted: 3n });
  });

  it('refuses faults that make no sense', async () => {
    await expect(set({ errorRate: 1.5 })).rejects.toMatchObject({ code: 'request_invalid' });
    await expect(set({ errorRate: 1, errorCode: 'No Code' })).rejects.toMatchObject({ code: 'request_invalid' });
  });

  it('hangs until the caller gives up, while its control answers', async () => {
    await set({ hang: true });
    const gone = new AbortController();
    const hanging = provider.check({ queries: [query()] }, { signal: gone.signal });
    while ((await control.getFaults({}, call())).queries === 0n);
    gone.abort();
    await expect(hanging).rejects.toThrow();
    await set({});
    expect((await ask()).map(outcomeOf)).toEqual(['confirmed']);
  });

  it('keeps a quota, and declares it', async () => {
    await set({ quotaPerDay: 2n });
    expect((await ask(3)).map(outcomeOf).sort()).toEqual(['confirmed', 'confirmed', 'fault daily_cap_reached']);
    expect(await provider.describe({}, call())).toMatchObject({ quotaPerDay: 2n, quotaPerSecond: 0 });
  });

  it('answers in a wrong shape', async () => {
    await set({ wrongShape: true });
    const answers = await ask(3);
    expect(answers.map(outcomeOf)).toContain('unknown outcome 99');
    expect(answers.some(({ queryId }) => queryId === '')).toBe(true);
  });

  it('really closes its port, cuts who is connected, and opens the same port again', async () => {
    const { address } = running;
    const broken = (async () => {
      async function* requests() {
        yield { queries: [query()], cancelledQueryIds: [] };
        await new Promise(() => {});
      }
      for await (const { answers } of provider.checkStream(requests(), { signal: new AbortController().signal })) {
        if (answers.length > 0) await set({ refuseConnections: true });
      }
    })();
    await expect(broken).rejects.toMatchObject({ retryable: true });
    expect(await listens(address)).toBe(false);
    expect((await control.getFaults({}, call())).faults?.refuseConnections).toBe(true);
    await set({});
    expect(running.address).toBe(address);
    expect(await listens(address)).toBe(true);
  });

  it('obeys the one-line command', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'vouch-faults-'));
    try {
      const demo = { registryControls: { tax: running.controlAddress }, mockControlToken: TOKEN };
      await writeFile(join(dataDir, 'demo.json'), JSON.stringify(demo));
      const faults = async (...options: string[]) => {
        const env = { PATH: '', VOUCH_DATA_DIR: dataDir };
        return (await promisify(execFile)(process.execPath, [CLI, 'tax', ...options], { env })).stdout;
      };
      expect(await faults('--latency', '5:50', '--error-rate', '1', '--code', 'agency_timeout')).toBe(
        'tax: latency p50 5 ms, p99 50 ms, 100 % fail with agency_timeout (0 queries, 0 findings, 0 faults since the start)\n',
      );
      expect((await ask()).map(outcomeOf)).toEqual(['fault agency_timeout']);
      expect(await faults('--show')).toContain('1 queries, 0 findings, 1 faults');
      expect(await faults('--heal')).toContain('tax: no faults');
      await expect(faults('--quota', 'many')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--quota') });
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
