import { connect, type Socket } from 'node:net';
import { type Agency, type Lookup, toRequest, toSetRequest } from '../lookups/lookup.js';
import { type Ask, RefusedError } from './drive.js';

// A client that does as little as HTTP/1.1 allows: keep-alive, one request at a time on a connection, requests made beforehand. A load
// generator that costs as much as what it measures would measure itself.

interface Waiting {
  resolve(id: string): void;
  reject(failure: Error): void;
}

class Connection {
  readonly #socket: Socket;
  readonly #partial: boolean;
  #waiting: Waiting | undefined;
  #received: Buffer | undefined;

  constructor(host: string, port: number, partial: boolean) {
    this.#partial = partial;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (failure) => this.#fail(failure));
    this.#socket.on('close', () => this.#fail(new Error('The connection was closed')));
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  ask(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const bytes = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    const answer = this.#read(bytes);
    if (!answer) {
      this.#received = bytes;
      return;
    }
    this.#received = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    const fault = faultOf(answer, this.#partial);
    if (fault === undefined) waiting.resolve(idIn(answer.body));
    else waiting.reject(fault);
  }

  #read(bytes: Buffer): Answer | undefined {
    try {
      return readAnswer(bytes);
    } catch (failure) {
      this.#fail(failure as Error);
      return undefined;
    }
  }

  #fail(failure: Error): void {
    this.#socket.destroy();
    this.#waiting?.reject(failure);
    this.#waiting = undefined;
  }
}

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const RETRY_AFTER_S = /\r\nretry-after: *(\d+)/i;

/** The answer in the bytes received so far; undefined when there is more to come. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error('The answer does not say its length');
  const end = headEnd + HEAD_END.length + Number(length);
  if (bytes.length < end) return undefined;
  return { status: Number(head.slice(9, 12)), head, body: bytes.subarray(headEnd + HEAD_END.length, end) };
}

const COMPLETE = Buffer.from('"status":"complete"');
const UNAVAILABLE = Buffer.from('"outcome":"unavailable"');
const REFUSALS = [429, 503];
const RETRY_AFTER_UNLESS_SAID_S = 1;

/** Why an answer does not count; a lookup that an agency did not answer is no lookup, unless partial ones are welcome. */
function faultOf({ status, head, body }: Answer, partial: boolean): Error | undefined {
  if (status === 200 && body.includes(COMPLETE) && !body.includes(UNAVAILABLE)) return undefined;
  if (partial && (status === 200 || status === 202)) return undefined;
  const text = `Status ${status}: ${body.toString('utf8').slice(0, 500)}`;
  if (!REFUSALS.includes(status)) return new Error(text);
  return new RefusedError(text, Number(RETRY_AFTER_S.exec(head)?.[1] ?? RETRY_AFTER_UNLESS_SAID_S) * 1_000);
}

const ID = Buffer.from('"id":"');
const UUID_LENGTH = 36;

function idIn(body: Buffer): string {
  const at = body.indexOf(ID);
  return at < 0 ? '' : body.toString('latin1', at + ID.length, at + ID.length + UUID_LENGTH);
}

/** What is asked of the HTTP API. */
export interface HttpAsking {
  readonly url: string;
  readonly token: string;
  /** Agencies that are asked; all unless said. */
  readonly agencies?: readonly Agency[];
  /** Whether the four claims are asked as a requirement set. */
  readonly asSet?: boolean;
  /** Whether an answer counts in which an agency's is missing. */
  readonly partial?: boolean;
}

/** Lookups over HTTP; connections are opened as they are needed, and kept. */
export function createHttpAsk(
  { url, token, agencies, asSet = false, partial = false }: HttpAsking,
  lookups: readonly Lookup[],
): { ask: Ask; close(): void } {
  const { hostname, port, host } = new URL(url);
  const requests = lookups.map((lookup) => {
    const body = Buffer.from(JSON.stringify(asSet ? toSetRequest(lookup) : toRequest(lookup, agencies)));
    const head = `POST /v1/verifications HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  return {
    async ask(index) {
      let connection = idle.pop();
      if (!connection) {
        connection = new Connection(hostname, Number(port), partial);
        all.add(connection);
      }
      try {
        return await connection.ask(requests[index] as Buffer);
      } finally {
        if (connection.closed) all.delete(connection);
        else idle.push(connection);
      }
    },
    close() {
      for (const connection of all) connection.close();
    },
  };
}
