import { appendFile, mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanRecord } from './span-record.js';

const LARGEST_FILE_BYTES = 5 * 1024 * 1024;
const MOST_WAITING = 10_000;
const MOST_FILES = 64;
const FLUSH_AFTER_MS = 50;

const KINDS = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
} as const;

const STATUSES = { [SpanStatusCode.UNSET]: 'unset', [SpanStatusCode.OK]: 'ok', [SpanStatusCode.ERROR]: 'error' } as const;

const toMs = ([seconds, nanos]: HrTime): number => seconds * 1000 + nanos / 1e6;

function toRecord(span: ReadableSpan, service: string): SpanRecord {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })),
    name: span.name,
    kind: KINDS[span.kind],
    service,
    scope: span.instrumentationScope.name,
    startMs: toMs(span.startTime),
    endMs: toMs(span.endTime),
    status: STATUSES[span.status.code],
    attributes: span.attributes as SpanRecord['attributes'],
  };
}

/** How the files are kept. */
export interface SpanFileOptions {
  readonly dir: string;
  readonly service: string;
  readonly warn: (text: string, failure: unknown) => void;
  /** Bytes after which a file gives way to a fresh one; 5 MiB unless said. */
  readonly largestFileBytes?: number;
}

/**
 * Appends finished spans as JSON lines to `<dir>/<service>-<pid>.jsonl`, at most two files of 5 MiB a process and 64 files in the folder.
 * For looking at a trace on one machine; spans that cannot be written are dropped, never waited for.
 */
export function createSpanFiles(options: SpanFileOptions): SpanProcessor {
  const { dir, service, warn, largestFileBytes = LARGEST_FILE_BYTES } = options;
  const base = join(dir, `${service.replaceAll(/[^\w.-]/g, '_')}-${process.pid}`);
  const current = `${base}.jsonl`;
  let waiting: ReadableSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let bytes: number | undefined;
  let warned = false;

  async function open(): Promise<number> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await removeOldest(dir);
    return await stat(current).then(
      (found) => found.size,
      () => 0,
    );
  }

  async function append(spans: readonly ReadableSpan[]): Promise<void> {
    try {
      bytes ??= await open();
      const lines = Buffer.from(spans.map((span) => `${JSON.stringify(toRecord(span, service))}\n`).join(''));
      if (bytes > 0 && bytes + lines.length > largestFileBytes) {
        await rename(current, `${base}.old.jsonl`);
        bytes = 0;
      }
      await appendFile(current, lines, { mode: 0o600 });
      bytes += lines.length;
    } catch (failure) {
      // The folder may have been removed under us: look again next time.
      bytes = undefined;
      if (!warned) warn('Spans cannot be written to the trace folder', failure);
      warned = true;
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) {
      const spans = waiting;
      waiting = [];
      writing = writing.then(() => append(spans));
    }
    return writing;
  }

  return {
    onStart() {},
    onEnd(span) {
      if (waiting.length >= MOST_WAITING) return;
      waiting.push(span);
      timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref();
    },
    forceFlush: flush,
    shutdown: flush,
  };
}

/** Keeps the folder bounded over many runs. */
async function removeOldest(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.jsonl'));
  if (names.length < MOST_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      return {
        path,
        changedMs: await stat(path).then(
          (found) => found.mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  files.sort((a, b) => b.changedMs - a.changedMs);
  await Promise.all(files.slice(MOST_FILES - 1).map(({ path }) => unlink(path).catch(() => undefined)));
}
