import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How a connection between two parts is. */
export type LinkState =
  | { readonly kind: 'open' }
  /** Every connection is reset, and new ones are too. */
  | { readonly kind: 'cut' }
  /** Connections stay, and nothing arrives any more: to the server, back from it, or both. What was sent arrives after healing. */
  | { readonly kind: 'silent'; readonly way: 'there' | 'back' | 'both' }
  /** Connections that there are go silent for good, as when a router forgets them or a machine vanishes; new ones are well. */
  | { readonly kind: 'stale' }
  /** Everything takes so much longer, each way. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** A TCP proxy between two parts; closing it cuts its connections. */
export interface Link extends AsyncDisposable {
  /** Such as `lookup-1->postgres`. */
  readonly name: string;
  /** Port on the loopback address that the first part is told. */
  readonly port: number;
  set(state: LinkState): void;
}

const OPEN: LinkState = { kind: 'open' };

/** Opens a proxy to a port of the loopback address. The port may be told later, when the server behind it needs ours first. */
export async function openLink(name: string, targetPort: () => number): Promise<Link> {
  let state: LinkState = OPEN;
  let changed = createSignal();
  const sockets = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();

  async function pass(way: 'there' | 'back', from: Socket): Promise<void> {
    while (forgotten.has(from) || (state.kind === 'silent' && (state.way === 'both' || state.way === way))) {
      if (from.destroyed && forgotten.has(from)) return;
      await changed.promise;
    }
    if (state.kind === 'slow') await delay(state.delayMs);
  }

  async function pump(from: Socket, to: Socket, way: 'there' | 'back'): Promise<void> {
    try {
      for await (const chunk of from) {
        await pass(way, from);
        if (to.destroyed) break;
        if (!to.write(chunk as Buffer)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
      await pass(way, from);
      to.end();
    } catch {
      // One end was reset; the other hears of it when the link lets it.
      await pass(way, from);
      to.resetAndDestroy();
    }
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    near.on('error', () => undefined);
    if (state.kind === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: targetPort(), allowHalfOpen: true, noDelay: true });
    far.on('error', () => undefined);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    void pump(near, far, 'there');
    void pump(far, near, 'back');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`${name} has no port`);

  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const set = (next: LinkState) => {
    // What was forgotten does not come back.
    if (state.kind === 'stale') for (const socket of sockets) if (forgotten.has(socket)) socket.resetAndDestroy();
    if (next.kind === 'stale') for (const socket of sockets) forgotten.add(socket);
    state = next;
    if (next.kind === 'cut') cut();
    const { resolve } = changed;
    changed = createSignal();
    resolve();
  };
  return {
    name,
    port: address.port,
    set,
    async [Symbol.asyncDispose]() {
      set({ kind: 'cut' });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// Promise.withResolvers is newer than Node 20.
function createSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
