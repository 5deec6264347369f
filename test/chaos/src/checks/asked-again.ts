import type { Evidence } from '../evidence/evidence.js';
import { createFindings, type Found } from './promise.js';
import { CLOCK_ALLOWANCE_MS, verificationsByTrace, wasBroken } from './queries.js';

/** Longest time from a registry's answer to its commit while nothing is broken: the time budget of a row, and some for the way. */
const LONGEST_FLIGHT_MS = 4_000;
/**
 * No row of a batch is asked again beyond what was in flight. Each query that a registry answered is counted, by verification and claim
 * type; a verification has so many claims of a type. What comes on top stands for an answer that was lost, the oldest first: something must
 * have been broken while that answer was on its way to its commit, or whoever asked says that it came too late. What was committed is asked by nobody, unless something is broken then.
 */
export function checkAskedAgain(evidence: Evidence): Found {
  const findings = createFindings();
  const { database, queries } = evidence;
  const batchOf = new Map<string, string>();
  for (const { id, chunks } of database.batches) {
    for (const outcome of chunks.flatMap(({ outcomes }) => outcomes)) if (outcome?.kind === 'verification') batchOf.set(outcome.id, id);
  }
  const completedAt = new Map<string, number>();
  const claims = new Map<string, number>();
  for (const { id, answer } of database.verifications) {
    if (typeof answer.completedAt === 'string') completedAt.set(id, Date.parse(answer.completedAt));
    // An erased one has no claims; all ask the same.
    const types = answer.claims.map(({ type }) => type);
    for (const type of types) claims.set(type, Math.max(claims.get(type) ?? 0, types.filter((other) => other === type).length));
  }
  const answered = new Map<
    string,
    { verification: string; claimType: string; registry: string; times: { at: number; unused: boolean }[] }
  >();
  const findVerification = verificationsByTrace(evidence);
  for (const query of queries) {
    const verification = findVerification(query);
    const { claimType, registry, at, unused = false } = query;
    if (verification === undefined || claimType === undefined || !batchOf.has(verification)) continue;
    const name = `${verification} ${claimType}`;
    const known = answered.get(name) ?? { verification, claimType, registry, times: [] };
    known.times.push({ at, unused });
    answered.set(name, known);
  }
  for (const { verification, claimType, registry, times } of answered.values()) {
    const about = { verification, batch: batchOf.get(verification) ?? '' };
    times.sort((a, b) => a.at - b.at);
    const once = claims.get(claimType) ?? 1;
    times.forEach(({ at }, place) => {
      const lost = times[place - once];
      findings.expect(
        lost === undefined || lost.unused || wasBroken(evidence, registry, lost.at, lost.at + LONGEST_FLIGHT_MS),
        () => `${claimType} of verification ${verification}, a row, was answered ${times.length} times, and nothing was broken`,
        about,
      );
      const committed = completedAt.get(verification) ?? Number.POSITIVE_INFINITY;
      findings.expect(
        at <= committed + CLOCK_ALLOWANCE_MS || wasBroken(evidence, registry, at, at),
        () => `${claimType} of verification ${verification}, a row, was asked after its answer was committed`,
        about,
      );
    });
  }
  return findings.found;
}
