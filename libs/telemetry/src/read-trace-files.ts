import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpanRecord } from './span-record.js';

/** What to read beside the trace itself. */
export interface ReadTraceOptions {
  /** Also spans of traces that link to this one or that it links to, one step away; true unless said. */
  readonly linked?: boolean;
}

/**
 * Spans of a trace out of a folder of span files (`TelemetryConfig.traceDir`), its own first, each part by start time.
 * An unknown trace or an absent folder gives none; a line cut short by a crash is passed over.
 */
export async function readTraceFiles(dir: string, traceId: string, options: ReadTraceOptions = {}): Promise<SpanRecord[]> {
  const texts = await readTexts(dir);
  const touching = readSpans(texts, (line) => line.includes(traceId));
  const own = touching.filter((span) => span.traceId === traceId).sort(byStart);
  if (options.linked === false || own.length === 0) return own;
  const others = new Set<string>();
  for (const span of touching) {
    if (span.traceId !== traceId) others.add(span.traceId);
    else for (const link of span.links) if (link.traceId !== traceId) others.add(link.traceId);
  }
  if (others.size === 0) return own;
  const linked = readSpans(texts, (line) => others.has(line.slice(TRACE_ID_AT, TRACE_ID_AT + 32)));
  return [...own, ...linked.sort(byStart)];
}

/** Every line begins with `{"traceId":"`. */
const TRACE_ID_AT = '{"traceId":"'.length;

const byStart = (a: SpanRecord, b: SpanRecord): number => a.startMs - b.startMs;

async function readTexts(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  const texts = names.filter((name) => name.endsWith('.jsonl')).map((name) => readFile(join(dir, name), 'utf8').catch(() => ''));
  return Promise.all(texts);
}

function readSpans(texts: readonly string[], wanted: (line: string) => boolean): SpanRecord[] {
  const spans: SpanRecord[] = [];
  for (const text of texts) {
    for (const line of text.split('\n')) {
      if (line === '' || !wanted(line)) continue;
      try {
        spans.push(JSON.parse(line) as SpanRecord);
      } catch {
        // The last line of a process that died while it wrote.
      }
    }
  }
  return spans;
}
