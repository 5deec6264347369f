import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpanRecord } from '@vouch/telemetry';

/** How often the registries answered each claim type, by verification. */
export type AnsweredQueries = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * What the registries answered with an outcome, out of the spans of their processes. `verifications` tells by trace which one a lookup made;
 * a retry is a trace of its own that names it.
 */
export async function readAnsweredQueries(dir: string, verifications: ReadonlyMap<string, string>): Promise<AnsweredQueries> {
  const answered: SpanRecord[] = [];
  const byTrace = new Map(verifications);
  for (const name of (await readdir(dir)).filter((file) => file.endsWith('.jsonl'))) {
    for (const line of (await readFile(join(dir, name), 'utf8')).split('\n')) {
      if (line === '') continue;
      const span = JSON.parse(line) as SpanRecord;
      const id = span.attributes['vouch.verification_id'];
      if (span.name === 'retry verification') byTrace.set(span.traceId, String(id));
      else if (span.kind === 'server' && span.attributes['vouch.outcome'] !== undefined) answered.push(span);
    }
  }
  const queries = new Map<string, Map<string, number>>();
  for (const { traceId, name } of answered) {
    const id = byTrace.get(traceId);
    if (id === undefined) continue;
    const counts = queries.get(id) ?? new Map<string, number>();
    counts.set(name, (counts.get(name) ?? 0) + 1);
    queries.set(id, counts);
  }
  return queries;
}
