import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import {
  type Answer,
  type CheckStreamRequest,
  type CheckStreamResponse,
  EvidenceProviderService,
  type Query,
} from '@vouch/proto/evidence/v1/evidence';
import { AGENCIES } from '../lookups/lookup.js';
import { type Addresses, outcomeOf, toQueries } from './queries.js';
import type { ByHand } from './unary.js';

const { checkStream } = EvidenceProviderService;
const MOST_IN_ONE = 256;

/** One stream to one agency: what was asked in one turn of the event loop goes out as one batch. */
class Stream {
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<CheckStreamRequest, CheckStreamResponse>;
  readonly #waiting = new Map<string, { resolve(answer: Answer): void; reject(failure: Error): void }>();
  #queue: Query[] = [];
  #failure: Error | undefined;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = checkStream;
    this.#stream = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    this.#stream.on('data', ({ answers }: CheckStreamResponse) => {
      for (const answer of answers) {
        this.#waiting.get(answer.queryId)?.resolve(answer);
        this.#waiting.delete(answer.queryId);
      }
    });
    this.#stream.on('error', (failure) => {
      this.#failure = failure;
      for (const { reject } of this.#waiting.values()) reject(failure);
    });
  }

  ask(query: Query): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.set(query.id, { resolve, reject });
      if (this.#queue.push(query) === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    while (this.#queue.length > 0) this.#stream.write({ queries: this.#queue.splice(0, MOST_IN_ONE), cancelledQueryIds: [] });
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }
}

/** What the wire allows: batches over one stream per agency, nothing else. */
export function createStreamByHand(addresses: Addresses): ByHand {
  const streams = new Map(AGENCIES.map((agency) => [agency, new Stream(addresses[agency])]));
  let id = 0;
  return {
    async ask(asked) {
      const queries = toQueries(asked, () => String(++id));
      const answers = await Promise.all(queries.map(({ agency, query }) => (streams.get(agency) as Stream).ask(query)));
      return answers.map(outcomeOf);
    },
    close() {
      for (const stream of streams.values()) stream.close();
    },
  };
}
