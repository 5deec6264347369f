import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpanRecord } from '@vouch/telemetry';
import type { AnsweredQuery } from './evidence.js';

const ATTEMPTS = ['batch row', 'retry verification'];

/**
 * Queries that the registries answered with an outcome, out of span files. Who was killed took its last spans with it: what is here was
 * answered, what is not here may have been all the same.
 */
export async function readAnsweredQueries(dir: string): Promise<AnsweredQuery[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
  // A file may have been kept twice.
  const answered = new Map<string, SpanRecord>();
  // A retry is a trace of its own, which no client knows.
  const retried = new Map<string, string>();
  const rows = new Map<string, { batch: string; row: number }>();
  // Spans of those who asked and got the outcome, and traces whose attempt failed.
  const got = new Set<string>();
  const failed = new Set<string>();
  for (const name of names) {
    for (const line of (await readFile(join(dir, name), 'utf8')).split('\n')) {
      const span = readSpan(line);
      const verification = span?.attributes['vouch.verification_id'];
      if (span?.status === 'error' && ATTEMPTS.includes(span.name)) failed.add(span.traceId);
      if (span?.name === 'retry verification') retried.set(span.traceId, String(verification));
      else if (span?.name === 'batch row')
        rows.set(span.traceId, { batch: String(span.attributes['vouch.batch_id']), row: Number(span.attributes['vouch.row']) });
      else if (span?.kind === 'client' && span.attributes['vouch.outcome'] !== undefined) got.add(span.spanId);
      // Without an outcome it was turned down, because its lease had ended for example.
      else if (span?.kind === 'server' && span.attributes['vouch.outcome'] !== undefined) answered.set(span.spanId, span);
    }
  }
  return [...answered.values()].map(({ service, traceId, parentSpanId, endMs, attributes }) => {
    const verification = retried.get(traceId);
    const row = rows.get(traceId);
    const claimType = attributes['vouch.claim_type'];
    return {
      registry: service,
      trace: traceId,
      at: endMs,
      ...(claimType !== undefined && { claimType: String(claimType) }),
      ...(verification !== undefined && { verification }),
      ...(row && { row }),
      ...((!got.has(parentSpanId ?? '') || failed.has(traceId)) && { unused: true as const }),
    };
  });
}

function readSpan(line: string): SpanRecord | undefined {
  try {
    return JSON.parse(line) as SpanRecord;
  } catch {
    return undefined;
  }
}
