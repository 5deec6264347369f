import { z } from 'zod';
import { type Adapter, day, defineAdapter, type Finding, fault, regionCode } from '../src/index.js';

export const LI = { idNumber: '375001201901010018', name: '李一诺' };
export const WANG = { idNumber: '375001199001010012', name: '王静' };
export const NOBODY = { idNumber: '375001190001010011', name: '张三' };

const NAMES = new Map([LI, WANG].map((person) => [person.idNumber, person.name]));

/** Lets a test decide when an agency answers. */
export interface Gate {
  /** Queries that have reached the check. */
  readonly arrived: number;
  /** Queries whose signal was aborted. */
  readonly aborted: number;
  /** Batch sizes, in the order of arrival. */
  readonly batches: readonly number[];
  /** Waits until so many queries have reached the check. */
  reached(count: number): Promise<void>;
  /** Waits until so many signals were aborted. */
  givenUp(count: number): Promise<void>;
  /** Answers everything that waits, and everything after it. */
  open(): void;
}

/** An adapter with one claim type for each thing that can happen. */
export function createExample(
  options: { largestBatch?: number; parallelism?: number; quota?: { perSecond?: number; perDay?: number } } = {},
): {
  adapter: Adapter;
  gate: Gate;
} {
  let arrived = 0;
  let aborted = 0;
  const batches: number[] = [];
  let release = (): void => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  let waiting: { until: () => boolean; resolve: () => void }[] = [];
  const changed = (): void => {
    for (const { until, resolve } of waiting) if (until()) resolve();
    waiting = waiting.filter(({ until }) => !until());
  };
  const when = (until: () => boolean): Promise<void> =>
    until() ? Promise.resolve() : new Promise((resolve) => waiting.push({ until, resolve }));

  const notFound: Finding<never> = { outcome: 'not_found' };
  const known = ({ idNumber, name }: { idNumber: string; name: string }): boolean => NAMES.get(idNumber) === name;

  const adapter = defineAdapter({
    agency: 'tax',
    regions: ['37'],
    largestBatch: options.largestBatch,
    quota: options.quota,
    claimTypes: {
      simple: {
        version: 1,
        parameters: z.strictObject({ region: regionCode(), at: day().optional(), truth: z.boolean().default(true) }),
        routing: { regionParameter: 'region', combine: 'any' },
        discloses: { since: 'date', months: 'integer' },
        check: (batch) =>
          batch.map(({ parameters, persons }) => {
            if (!known(persons.subject)) return notFound;
            return { outcome: parameters.truth ? 'confirmed' : 'refuted', asOf: '2026-08-31', disclosures: { months: 12 } };
          }),
      },
      gated: {
        version: 2,
        parameters: z.strictObject({}),
        routing: { combine: 'any' },
        involves: { guardian: 'required' },
        discloses: {},
        parallelism: options.parallelism ?? 1,
        async check(batch) {
          batches.push(batch.length);
          arrived += batch.length;
          for (const { signal } of batch) {
            signal.addEventListener('abort', () => {
              aborted += 1;
              changed();
            });
          }
          changed();
          await opened;
          return batch.map(({ persons }) => (known(persons.subject) && known(persons.guardian) ? { outcome: 'confirmed' } : notFound));
        },
      },
      throwing: {
        version: 1,
        parameters: z.strictObject({ late: z.boolean().default(false) }),
        routing: { combine: 'any' },
        discloses: {},
        check(batch) {
          const failure = (idNumber: string) => new RangeError(`Agency refused ${idNumber}\nand went on about it`);
          const [query] = batch;
          if (query && !query.parameters.late) throw failure(query.persons.subject.idNumber);
          return batch.map(({ persons }) => Promise.reject(failure(persons.subject.idNumber)));
        },
      },
      'one-by-one': {
        version: 1,
        parameters: z.strictObject({ wait: z.boolean() }),
        routing: { combine: 'any' },
        discloses: {},
        check: (batch) =>
          batch.map(async ({ parameters }) => {
            if (parameters.wait) await opened;
            return { outcome: 'refuted' };
          }),
      },
      refusing: {
        version: 1,
        parameters: z.strictObject({}),
        routing: { combine: 'any' },
        discloses: {},
        check: (batch) => batch.map(() => fault('register_closed_at_night', { retryAfterMs: 3_600_000 })),
      },
      // What an adapter written without types might return.
      leaky: {
        version: 1,
        parameters: z.strictObject({}),
        routing: { combine: 'any' },
        discloses: { since: 'date', months: 'integer', kind: 'code' },
        check: (batch) =>
          batch.map(
            ({ persons }) =>
              ({
                outcome: 'confirmed',
                disclosures: { since: 'last year', months: 1.5, kind: 'free text', address: '历下区', [persons.subject.idNumber]: true },
              }) as unknown as Finding<never>,
          ),
      },
      senseless: {
        version: 1,
        parameters: z.strictObject({ few: z.boolean() }),
        routing: { combine: 'any' },
        discloses: {},
        check: (batch) => (batch[0]?.parameters.few ? [] : batch.map(() => ({ outcome: 'perhaps' }) as unknown as Finding<never>)),
      },
    },
  });
  const gate: Gate = {
    get arrived() {
      return arrived;
    },
    get aborted() {
      return aborted;
    },
    batches,
    reached: (count) => when(() => arrived >= count),
    givenUp: (count) => when(() => aborted >= count),
    open: () => release(),
  };
  return { adapter, gate };
}
