import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../src/grpc-errors.js';
import { dial, type GrpcServer, type GrpcServerOptions, served, startGrpcServer } from '../src/index.js';
import { gate, type Redemption } from './bindings.js';

const call = () => ({ signal: new AbortController().signal });
const basis = { verificationId: 'v1' };

function start(options: Partial<GrpcServerOptions> = {}, redemption: Partial<Redemption> = {}): Promise<GrpcServer> {
  return startGrpcServer({
    address: '127.0.0.1:0',
    services: [served(RedemptionServiceService, { getBasis: async () => ({ disclosureAllowed: true }), ...redemption } as Redemption)],
    tracer: silentTracer,
    logger: silentLogger,
    drainMs: 100,
    ...options,
  });
}

const reach = (server: GrpcServer, metadata?: Readonly<Record<string, string>>) =>
  dial(RedemptionServiceService, { address: server.address, tracer: silentTracer, metadata });

function open(server: GrpcServer): Socket {
  const [host = '', port = ''] = server.address.split(':');
  return connect(Number(port), host).on('error', () => {});
}

/** Resolves when the other side has closed the socket; what it says before does not matter. */
const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.resume().once('close', resolve));

describe('connections', () => {
  it('are bounded in number: one more is closed at once, those that are open go on, and when one leaves another may come', async () => {
    await using server = await start({ maxConnections: 2 });
    await using known = reach(server);
    await known.getBasis(basis, call());
    const other = open(server);
    await once(other, 'connect');
    // The server's settings: it has taken the connection.
    await once(other, 'data');
    await closed(open(server));
    expect(await known.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
    other.destroy();
    for (;;) {
      const next = open(server);
      const taken = await Promise.race([new Promise((resolve) => next.once('data', () => resolve(true))), closed(next).then(() => false)]);
      next.destroy();
      if (taken) break;
    }
  });

  it('that say nothing, or something that is no HTTP/2, are closed', async () => {
    await using server = await start({ keepaliveMs: 100 });
    await Promise.all([
      closed(open(server)),
      closed(
        open(server).on('connect', function (this: Socket) {
          this.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
        }),
      ),
    ]);
    await using client = reach(server);
    expect(await client.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
  });

  it('from outside that have no call are closed after a while, those with a call are not', async () => {
    const doors = gate();
    const entered = gate();
    await using server = await start(
      { external: true, idleConnectionMs: 50 },
      {
        async getBasis() {
          entered.open();
          await doors.opened;
          return { disclosureAllowed: true };
        },
      },
    );
    await using client = reach(server);
    const calling = client.getBasis(basis, call());
    await entered.opened;
    // One that came later, and has nothing to ask, has gone first.
    const idle = connectHttp2(`http://${server.address}`);
    await once(idle, 'close');
    doors.open();
    expect(await calling).toEqual({ disclosureAllowed: true });
  });

  it('take no head that is too large, and serve others', async () => {
    await using server = await start();
    await using wordy = reach(server, { 'x-long': 'x'.repeat(100_000) });
    await expect(wordy.getBasis(basis, { ...call(), deadline: new Date(Date.now() + 10_000) })).rejects.toThrow();
    await using client = reach(server);
    expect(await client.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
  });
});

/** A call of which only half of the request is ever sent; resolves when the server has closed its stream, with the status that it told. */
function sendHalf(session: ClientHttp2Session): Promise<number | undefined> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/vouch.consent.v1.RedemptionService/GetBasis',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let status: number | undefined;
  stream.on('response', (headers) => {
    status = Number(headers['grpc-status']);
  });
  stream.on('error', () => {});
  stream.resume();
  stream.write(Buffer.of(0, 0, 0, 0, 200, 1, 2, 3));
  return new Promise((resolve) => stream.once('close', () => resolve(status)));
}

describe('requests that do not arrive whole', () => {
  it('are given up after a while, and their streams are closed', async () => {
    await using server = await start({ receiveWithinMs: 100 });
    const session = connectHttp2(`http://${server.address}`);
    expect(await Promise.all([sendHalf(session), sendHalf(session)])).toEqual(Array(2).fill(statusOf('request_timeout')));
    expect(session.closed).toBe(false);
    session.close();
    await using client = reach(server);
    expect(await client.getBasis(basis, call())).toEqual({ disclosureAllowed: true });
  });

  it('are no more than calls may be under way, and others come in when they have gone', async () => {
    await using server = await start({ maxCalls: 2 });
    const session = connectHttp2(`http://${server.address}`);
    const held = [sendHalf(session), sendHalf(session)];
    await using client = reach(server);
    expect(await sendHalf(session)).toBe(statusOf('overloaded'));
    await expect(client.getBasis(basis, call())).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    session.destroy();
    await Promise.all(held);
    await expect.poll(() => client.getBasis(basis, call()).catch(() => undefined)).toEqual({ disclosureAllowed: true });
  });
});

describe('calls', () => {
  it('on one connection are as many as it says; more wait in the caller', async () => {
    const doors = gate();
    let inside = 0;
    await using server = await start(
      { maxConcurrentStreams: 3 },
      {
        async getBasis() {
          inside += 1;
          await doors.opened;
          return { disclosureAllowed: true };
        },
      },
    );
    await using client = reach(server);
    // The connection's first call waits for its settings: from then on the bound is known.
    const first = client.getBasis(basis, call());
    while (inside === 0) await new Promise(setImmediate);
    const more = Array.from({ length: 9 }, () => client.getBasis(basis, call()));
    while (inside < 3) await new Promise(setImmediate);
    const session = connectHttp2(`http://${server.address}`);
    await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(3);
    session.close();
    expect(inside).toBe(3);
    doors.open();
    expect(await Promise.all([first, ...more])).toHaveLength(10);
  });
});
