import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { finding } from './agencies.js';
import { batchRuns } from './batch-runs.js';
import { batchSubmissions } from './batch-submissions.js';
import { type LookupUnderTest, type OpenDatabase, startLookupUnderTest } from './lookup-under-test.js';
import { AS_USUAL } from './scripted-ports.js';

/** What batches do, on any store. */
export function batchesSuite(name: string, openDatabase?: OpenDatabase): void {
  describe(name, () => {
    let lookup: LookupUnderTest;

    beforeAll(async () => {
      lookup = await startLookupUnderTest({ openDatabase });
    });
    afterAll(() => lookup?.[Symbol.asyncDispose]());
    beforeEach(() => {
      Object.assign(lookup.ports, AS_USUAL);
      lookup.providers.police.answer('police.guardian-of', finding(Outcome.CONFIRMED));
    });

    batchSubmissions(() => lookup);
    batchRuns(() => lookup);
  });
}
