import { Client, credentials } from '@grpc/grpc-js';
import { type Answer, type CheckResponse, EvidenceProviderService, type Outcome } from '@vouch/proto/evidence/v1/evidence';
import { AGENCIES } from '../lookups/lookup.js';
import { type Addresses, type Asked, outcomeOf, toQueries } from './queries.js';

/** Asks the four agencies about one family; an outcome per claim. */
export interface ByHand {
  ask(asked: Asked): Promise<Outcome[]>;
  close(): void;
}

const { check } = EvidenceProviderService;
const DEADLINE_MS = 10_000;

/** Asking by hand: four parallel unary calls a lookup, nothing else. The unit of measure. */
export function createUnaryByHand(addresses: Addresses): ByHand {
  const clients = new Map(AGENCIES.map((agency) => [agency, new Client(addresses[agency], credentials.createInsecure())]));
  let id = 0;
  const call = (client: Client, query: ReturnType<typeof toQueries>[number]['query']): Promise<Answer | undefined> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        check.path,
        check.requestSerialize,
        check.responseDeserialize,
        { queries: [query] },
        { deadline: Date.now() + DEADLINE_MS },
        (failure, response?: CheckResponse) => (failure ? reject(failure) : resolve(response?.answers[0])),
      );
    });
  return {
    async ask(asked) {
      const queries = toQueries(asked, () => String(++id));
      const answers = await Promise.all(queries.map(({ agency, query }) => call(clients.get(agency) as Client, query)));
      return answers.map(outcomeOf);
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}
