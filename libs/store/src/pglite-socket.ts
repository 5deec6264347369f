import { EventEmitter } from 'node:events';

/** The synchronous heart of PGlite: whole protocol messages in, the backend's messages out. */
export interface ProtocolEngine {
  execProtocolRawSync(messages: Uint8Array): Uint8Array;
}

const SYNC = 'S'.charCodeAt(0);
const SIMPLE_QUERY = 'Q'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);

/** AuthenticationOk, then ReadyForQuery (idle): all that a client waits for when it starts. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/**
 * Stands in for the network socket of a `pg` client, so that the embedded database speaks through the very same client code as
 * a server: same types, same errors. Messages are collected until the client waits for an answer, and cost one call of the engine.
 *
 * Each call is made in a fresh turn of the event loop: the engine never waits for anything, so a closed loop of queries would
 * otherwise starve timers and sockets.
 */
export class PgliteSocket extends EventEmitter {
  readonly #engine: ProtocolEngine;
  #pending: Uint8Array[] = [];
  #open = false;

  constructor(engine: ProtocolEngine) {
    super();
    this.#engine = engine;
  }

  get writable(): boolean {
    return this.#open;
  }

  connect(): this {
    this.#open = true;
    setImmediate(() => this.emit('connect'));
    return this;
  }

  write(message: Uint8Array, written?: () => void): boolean {
    const kind = message[0];
    if (kind === 0) {
      setImmediate(() => this.#open && this.emit('data', WELCOME));
    } else if (kind !== TERMINATE) {
      this.#pending.push(message);
      if (kind === SYNC || kind === SIMPLE_QUERY) setImmediate(() => this.#exchange());
    }
    if (written) queueMicrotask(written);
    return true;
  }

  #exchange(): void {
    if (!this.#open || this.#pending.length === 0) return;
    const messages = Buffer.concat(this.#pending);
    this.#pending = [];
    let answer: Uint8Array;
    try {
      answer = this.#engine.execProtocolRawSync(messages);
    } catch (failure) {
      this.destroy(failure instanceof Error ? failure : new Error('The embedded database broke down'));
      return;
    }
    this.emit('data', Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
  }

  end(): this {
    return this.destroy();
  }

  destroy(failure?: Error): this {
    if (!this.#open) return this;
    this.#open = false;
    this.#pending = [];
    setImmediate(() => {
      if (failure) this.emit('error', failure);
      this.emit('close');
    });
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
