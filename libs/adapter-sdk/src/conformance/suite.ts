import { type Answer, DescribeRequest, type Query } from '@vouch/proto/evidence/v1/evidence';
import { createSpanId, createTraceId, toTraceparent } from '@vouch/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, Person } from '../adapter.js';
import { LARGEST_PARAMETERS } from '../read-query.js';
import { type Bench, startBench } from './bench.js';
import { answersHealth, listsServices } from './neighbours.js';
import { answerTo, type ConformanceCase, disclosuresOf, outcomeOf, toQuery } from './queries.js';

export type { ConformanceCase } from './queries.js';

/** What the suite asks. */
export interface ConformanceFixtures {
  /** At least one confirmed and one refuted case per claim type. */
  readonly cases: readonly ConformanceCase[];
  /** A well-formed ID number that the registry does not have. */
  readonly unknownPerson: Person;
}

const WRONG_NAME = '无此人名';

/**
 * The tests that every adapter passes, over a real socket, by unary calls and over a stream. Call it in a test file; vitest runs it.
 * What it cannot see is whether the facts are right: that is what the cases say.
 */
export function adapterConformance(adapter: Adapter, { cases, unknownPerson }: ConformanceFixtures): void {
  describe(`conformance of the ${adapter.agency} adapter`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await startBench(adapter);
    });
    afterAll(async () => {
      await bench[Symbol.asyncDispose]();
    });
    const first = cases[0] as ConformanceCase;
    const query = (asked: ConformanceCase, over?: Partial<Query>): Query => toQuery(adapter, asked, over);

    it('has a confirmed and a refuted case per claim type', () => {
      for (const claimType of Object.keys(adapter.claimTypes)) {
        const outcomes = cases.filter((asked) => asked.claimType === claimType).map((asked) => asked.outcome);
        expect(outcomes, claimType).toEqual(expect.arrayContaining(['confirmed', 'refuted']));
      }
    });

    it('describes itself', async () => {
      const described = await bench.port.describe(DescribeRequest.create(), { signal: new AbortController().signal });
      expect(described.agency).toBe(adapter.agency);
      expect(described.regions).toEqual(adapter.regions);
      expect(described.streams).toBe(true);
      expect(described.largestBatch).toBeGreaterThan(0);
      expect(described.initialWindow).toBeGreaterThan(0);
      expect(described.claimTypes.map((claimType) => claimType.name).sort()).toEqual(
        Object.keys(adapter.claimTypes)
          .map((key) => `${adapter.agency}.${key}`)
          .sort(),
      );
      for (const claimType of described.claimTypes) {
        expect(JSON.parse(claimType.parametersSchemaJson)).toMatchObject({ type: 'object', additionalProperties: false });
      }
    });

    it('serves health and reflection beside it', async () => {
      expect(await answersHealth(bench.address)).toBe('SERVING');
      expect(await listsServices(bench.address)).toContain('vouch.evidence.v1.EvidenceProvider');
    });

    it('does not serve Watch yet', async () => {
      const notices = bench.port.watch({ cursor: '' }, { signal: new AbortController().signal });
      await expect(notices[Symbol.asyncIterator]().next()).rejects.toMatchObject({ retryable: false });
    });

    describe.each(['unary', 'streaming'] as const)('%s', (way) => {
      const ask = (queries: readonly Query[]): Promise<readonly Answer[]> =>
        way === 'unary' ? bench.check(queries) : bench.stream(queries);
      const askOne = async (asked: Query): Promise<Answer | undefined> => answerTo(await ask([asked]), asked);

      it.each(cases.map((asked) => [`${asked.claimType} ${JSON.stringify(asked.parameters)} is ${asked.outcome}`, asked] as const))(
        '%s',
        async (_title, asked) => {
          const answer = await askOne(query(asked));
          expect(outcomeOf(answer)).toBe(asked.outcome);
          if (asked.disclosures) expect(disclosuresOf(answer)).toEqual(asked.disclosures);
        },
      );

      it('answers every query of a batch once, whatever else is in it', async () => {
        const good = cases.map((asked) => query(asked));
        const bad = [
          query(first, { claimType: `${adapter.agency}.no-such-claim` }),
          query(first, { parametersJson: '{' }),
          query(first, { leaseEnd: new Date(0) }),
        ];
        const answers = await ask([...bad, ...good]);
        expect(answers.map((answer) => answer.queryId).sort()).toEqual([...bad, ...good].map(({ id }) => id).sort());
        for (const [index, asked] of cases.entries()) expect(outcomeOf(answerTo(answers, good[index] as Query))).toBe(asked.outcome);
        for (const asked of bad) expect(outcomeOf(answerTo(answers, asked))).toMatch(/^fault /);
      });

      it('takes an unknown ID number and a wrong name for the same', async () => {
        for (const asked of onePerClaimType(cases)) {
          for (const role of Object.keys(asked.persons)) {
            const known = asked.persons[role] as Person;
            const unknown = query({ ...asked, persons: { ...asked.persons, [role]: unknownPerson } });
            const misnamed = query({ ...asked, persons: { ...asked.persons, [role]: { ...known, name: WRONG_NAME } } });
            const answers = await ask([unknown, misnamed]);
            expect(outcomeOf(answerTo(answers, unknown)), `${asked.claimType}, ${role}`).toBe('not_found');
            expect(answerTo(answers, misnamed)?.result).toEqual(answerTo(answers, unknown)?.result);
            expect(disclosuresOf(answerTo(answers, unknown))).toEqual({});
          }
        }
      });

      it.each([
        ['claim_type_unknown', { claimType: `${adapter.agency}.no-such-claim` }],
        ['claim_version_unknown', { claimVersion: 999 }],
        ['parameters_invalid', { parametersJson: '{' }],
        ['parameters_invalid', { parametersJson: '[]' }],
        ['parameters_invalid', { parametersJson: JSON.stringify({ ...first.parameters, noSuchParameter: 1 }) }],
        ['parameters_invalid', { parametersJson: JSON.stringify(first.parameters).padEnd(LARGEST_PARAMETERS + 1) }],
        ['person_missing', { persons: {} }],
        ['lease_ended', { leaseEnd: new Date(0) }],
        ['lease_ended', { leaseEnd: undefined }],
      ] as const)('gives the terminal fault %s', async (code, over) => {
        const answer = await askOne(query(first, over as Partial<Query>));
        expect(answer?.result).toEqual({ $case: 'fault', value: { code, retryable: false, retryAfterMs: 0 } });
      });

      it('gives a retryable fault when no time is left', async () => {
        const answer = await askOne(query(first, { remainingMs: 0 }));
        expect(answer?.result).toMatchObject({ $case: 'fault', value: { code: 'deadline_exceeded', retryable: true } });
      });

      it('wants every role that a claim type requires', async () => {
        for (const asked of onePerClaimType(cases)) {
          const required = Object.entries(adapter.claimTypes[asked.claimType]?.involves ?? {}).filter(([, need]) => need === 'required');
          for (const [role] of required) {
            const { [role]: _left, ...persons } = asked.persons;
            expect(outcomeOf(await askOne(query({ ...asked, persons })))).toBe('fault person_missing');
          }
        }
      });

      it('has a span per query, in the trace that the query names', async () => {
        const parent = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
        const traceparent = toTraceparent(parent);
        await ask([query(first, { traceparent }), query(first, { traceparent, claimVersion: 999 })]);
        const name = `${adapter.agency}.${first.claimType}`;
        const shared = { 'vouch.agency': adapter.agency, 'vouch.claim_type': name, 'vouch.region': '370102' };
        const spans = bench.spans.filter((span) => span.parent?.traceId === parent.traceId && span.name === name);
        expect(spans).toEqual([
          { name, parent, attributes: { ...shared, 'vouch.outcome': first.outcome }, fault: undefined, ended: true },
          { name, parent, attributes: shared, fault: 'claim_version_unknown', ended: true },
        ]);
      });

      it('discloses only what it declares', async () => {
        const answers = await ask(cases.map((asked) => query(asked)));
        const declared = new Set(Object.values(adapter.claimTypes).flatMap(({ discloses }) => Object.keys(discloses)));
        for (const answer of answers) {
          for (const name of Object.keys(disclosuresOf(answer))) expect(declared).toContain(name);
        }
      });
    });

    it('refuses a unary batch that is too large as a whole, and goes on', async () => {
      const tooMany = Array.from({ length: (adapter.largestBatch ?? 256) + 1 }, () => query(first));
      await expect(bench.check(tooMany)).rejects.toMatchObject({ retryable: false });
      expect(await bench.check([query(first)])).toHaveLength(1);
    });

    it('refuses a streamed batch that is too large query by query, and goes on', async () => {
      const stream = bench.openStream();
      const tooMany = Array.from({ length: (adapter.largestBatch ?? 256) + 1 }, () => query(first));
      const next = query(first);
      stream.send({ queries: tooMany });
      stream.send({ queries: [next] });
      const answers = await stream.answered(tooMany.length + 1);
      expect(tooMany.map((asked) => outcomeOf(answerTo(answers, asked)))).toEqual(tooMany.map(() => 'fault batch_too_large'));
      expect(outcomeOf(answerTo(answers, next))).toBe(first.outcome);
      stream.end();
      await stream.ended;
    });

    it('answers many batches on one stream, cancellations among them', async () => {
      const stream = bench.openStream();
      const batches = Array.from({ length: 20 }, () => cases.map((asked) => query(asked)));
      for (const queries of batches) stream.send({ queries, cancelledQueryIds: ['never-sent'] });
      stream.end();
      await stream.ended;
      expect(stream.answers.map(({ queryId }) => queryId).sort()).toEqual(
        batches
          .flat()
          .map(({ id }) => id)
          .sort(),
      );
    });

    it('says nothing of persons in logs and spans', () => {
      const told = bench.told.join('\n');
      for (const person of [...cases.flatMap(({ persons }) => Object.values(persons)), unknownPerson]) {
        expect(told).not.toContain(person.idNumber);
        expect(told).not.toContain(person.name);
      }
    });

    it('tells its streams when it stops, and ends them in order', async () => {
      await using stopping = await startBench(adapter);
      const stream = stopping.openStream();
      stream.send({ queries: [query(first)] });
      await stream.answered(1);
      const stopped = stopping.stop();
      await stream.ended;
      expect(stream.drainingTold).toBe(true);
      await stopped;
    });
  });
}

const onePerClaimType = (cases: readonly ConformanceCase[]): ConformanceCase[] => [
  ...new Map(cases.filter(({ outcome }) => outcome === 'confirmed').map((asked) => [asked.claimType, asked])).values(),
];
