import { setTimeout as pause } from 'node:timers/promises';
import type { GrpcServer } from '@vouch/rpc';

/** What a listener needs. */
export interface ListenerOptions {
  readonly address: string;
  readonly listen: (address: string) => Promise<GrpcServer>;
  /** Ends every call at once. */
  readonly cut: () => void;
}

/** A provider's port, which a mock can close and open again. */
export interface Listener extends AsyncDisposable {
  /** `host:port` as bound the first time; the same every time. */
  readonly address: string;
  setServing(serving: boolean): void;
  /** Opens the port, or closes it and cuts what is connected. Resolves when that is done. */
  setListening(listening: boolean): Promise<void>;
}

const REOPEN_TRIES = 20;
const REOPEN_PAUSE_MS = 100;

/** An open listener. */
export async function createListener({ address: wanted, listen, cut }: ListenerOptions): Promise<Listener> {
  let server: GrpcServer | undefined = await listen(wanted);
  const { address } = server;
  let change: Promise<void> = Promise.resolve();

  async function close(): Promise<void> {
    const closing = server;
    server = undefined;
    cut();
    await closing?.[Symbol.asyncDispose]();
  }

  /** The port may still be held for a moment by what was just closed. */
  async function reopen(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        server = await listen(address);
        return;
      } catch (failure) {
        if (tries === REOPEN_TRIES) throw failure;
        await pause(REOPEN_PAUSE_MS);
      }
    }
  }

  return {
    address,
    setServing: (serving) => server?.setServing(serving),
    setListening(listening) {
      const next = change.then(async () => {
        if (listening && !server) await reopen();
        if (!listening && server) await close();
      });
      change = next.catch(() => {});
      return next;
    },
    async [Symbol.asyncDispose]() {
      await change;
      await server?.[Symbol.asyncDispose]();
      server = undefined;
    },
  };
}
