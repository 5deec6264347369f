import { RetryableError } from '@vouch/errors';
import { RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { type DialOptions, dial, type GrpcServer, served, startGrpcServer } from '../src/index.js';
import type { Redemption } from './bindings.js';

const call = () => ({ signal: new AbortController().signal });

/** One instance that answers after a turn of the event loop or two, so that calls are under way when it stops. */
async function startInstance(address: string, getBasis?: Redemption['getBasis']): Promise<GrpcServer & { answered: string[] }> {
  const answered: string[] = [];
  const implementation: Partial<Redemption> = {
    getBasis:
      getBasis ??
      (async ({ verificationId }) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        answered.push(verificationId);
        return { disclosureAllowed: true };
      }),
  };
  const server = await startGrpcServer({
    address,
    services: [served(RedemptionServiceService, implementation as Redemption)],
    tracer: silentTracer,
    logger: silentLogger,
  });
  return Object.assign(server, { answered });
}

const reach = (servers: readonly GrpcServer[], repeatable?: DialOptions<RedemptionServiceService>['repeatable']) =>
  dial(RedemptionServiceService, { address: servers.map(({ address }) => address).join(','), tracer: silentTracer, repeatable });

describe('several instances', () => {
  it('share the calls', async () => {
    const servers = [await startInstance('127.0.0.1:0'), await startInstance('127.0.0.1:0')] as const;
    await using port = reach(servers);
    const used = () => servers.every(({ answered }) => answered.length > 0);
    // The second connection may need a moment.
    while (!used()) await port.getBasis({ verificationId: 'v' }, call());
    for (const server of servers) await server.drain();
  });

  it('stop and start in turn under load: each call is answered, and carried out once', async () => {
    const servers = [await startInstance('127.0.0.1:0'), await startInstance('127.0.0.1:0')];
    await using port = reach(servers);
    const carriedOut: string[] = [];
    let sent = 0;
    let over = false;
    const failures: unknown[] = [];
    const caller = async () => {
      while (!over) {
        sent += 1;
        await port.getBasis({ verificationId: `v${sent}` }, call()).catch((failure) => failures.push(failure));
      }
    };
    const callers = Array.from({ length: 32 }, caller);
    for (let round = 0; round < 10; round += 1) {
      const at = round % 2;
      const stopping = servers[at] as Awaited<ReturnType<typeof startInstance>>;
      const other = servers[1 - at] as typeof stopping;
      // Both are in use.
      for (const server of [stopping, other]) {
        const before = server.answered.length;
        while (server.answered.length < before + 50) await new Promise(setImmediate);
      }
      await stopping.drain();
      carriedOut.push(...stopping.answered);
      servers[at] = await startInstance(stopping.address);
    }
    over = true;
    await Promise.all(callers);
    for (const server of servers) {
      await server.drain();
      carriedOut.push(...(server as Awaited<ReturnType<typeof startInstance>>).answered);
    }
    expect(failures).toEqual([]);
    expect(carriedOut).toHaveLength(sent);
    expect(new Set(carriedOut).size).toBe(sent);
  });

  it('one goes away without an answer: what may be repeated is asked of the other, what may not fails', async () => {
    let away = false;
    let first = 0;
    const goesAway = async () => {
      first += 1;
      if (away) throw new RetryableError('unavailable');
      return { disclosureAllowed: true };
    };
    const servers = [await startInstance('127.0.0.1:0', goesAway), await startInstance('127.0.0.1:0')] as const;
    await using once = reach(servers);
    await using again = reach(servers, ['getBasis']);
    // One after the other, so that the turn after a failure is the other one's.
    const outcomes = async (port: typeof once) => {
      const seen = new Set<string>();
      for (let calls = 0; calls < 10; calls += 1) {
        const outcome = port.getBasis({ verificationId: 'v' }, call()).then(() => 'answered');
        seen.add(await outcome.catch(({ code }) => code));
      }
      return seen;
    };
    for (const port of [once, again]) {
      const [before, other] = [first, servers[1].answered.length];
      // Until both are connected.
      while (first === before || servers[1].answered.length === other) await outcomes(port);
    }
    away = true;
    expect(await outcomes(once)).toEqual(new Set(['unavailable', 'answered']));
    expect(await outcomes(again)).toEqual(new Set(['answered']));
    for (const server of servers) await server.drain();
  });
});
