import { createEdges, type EdgeAddress } from './edges.js';
import { type Answer, type Call, createCaller, type Problem, ProblemError, type TokenSource } from './http.js';

/** A batch as `GET /v1/batches/{id}` returns it. */
export interface Batch {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'paused' | 'complete' | 'cancelled';
  readonly code?: string;
  readonly rows: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly pending: number;
    readonly cancelled: number;
  };
  /** Rows asked a second. */
  readonly ratePerSecond: number;
  /** Until every row has been asked; undefined when it cannot be told. */
  readonly remainingSeconds?: number;
}

/** How rows are written, in uploads and in results. */
export type RowFormat = 'ndjson' | 'csv';

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;

/** One upload of rows. */
export interface BatchUpload {
  readonly rows: AsyncIterable<Uint8Array>;
  readonly format: RowFormat;
  /** Whether the rows come compressed with gzip. */
  readonly gzip: boolean;
  readonly idempotencyKey: string;
}

/** Batches as an enrolment platform uses them. Every method throws ProblemError for a refusal. */
export function createBatchClient(address: EdgeAddress, token: TokenSource) {
  const edges = createEdges(address);
  const call = createCaller(edges, token);
  const pathOf = (id: string, rest = ''): string => `/v1/batches/${encodeURIComponent(id)}${rest}`;
  const ask = async (path: string, options?: Call): Promise<Batch> => ((await call(path, options)) as Answer<Batch>).body;

  return {
    /** Resolves once every row is stored. Not repeated by itself: its rows can be read but once. */
    async submit({ rows, format, gzip, idempotencyKey }: BatchUpload): Promise<Batch> {
      const response = await fetch(new URL('/v1/batches', edges.next()), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token()}`,
          accept: 'application/json',
          'content-type': TYPES[format],
          'idempotency-key': idempotencyKey,
          ...(gzip ? { 'content-encoding': 'gzip' } : {}),
        },
        body: ReadableStream.from(rows),
        duplex: 'half',
      });
      if (!response.ok) throw await toProblemError(response);
      return (await response.json()) as Batch;
    },
    read: (id: string): Promise<Batch> => ask(pathOf(id)),
    command: (id: string, what: 'pause' | 'resume' | 'cancel'): Promise<Batch> =>
      ask(pathOf(id, `/${what}`), { method: 'POST', repeatable: true }),
    /** Results of the rows behind `after`, in their order, as they are written. */
    async results(
      id: string,
      { format, after }: { readonly format: RowFormat; readonly after: number },
    ): Promise<AsyncIterable<Uint8Array>> {
      const headers = { authorization: `Bearer ${await token()}`, accept: TYPES[format] };
      const response = await edges.reach((base) => fetch(new URL(pathOf(id, `/results?after=${after}`), base), { headers }));
      if (!response.ok || !response.body) throw await toProblemError(response);
      return response.body;
    },
  };
}

/** An enrolment platform's client for batches. */
export type BatchClient = ReturnType<typeof createBatchClient>;

async function toProblemError(response: Response): Promise<ProblemError> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  const { status, statusText, headers } = response;
  return new ProblemError(problem ?? { status, code: 'unknown', title: statusText }, Number(headers.get('retry-after')) || undefined);
}
