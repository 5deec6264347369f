import { gzipSync } from 'node:zlib';
import type { BatchAnswer } from '../src/batches/progress.js';
import type { RowResult } from '../src/batches/results.js';
import { CHILD, GUARDIAN } from './example-people.js';
import { type CallAnswer, CONSENT_ID, eventually, type LookupUnderTest } from './lookup-under-test.js';

/** A row of a batch that asks one agency one thing. */
export const row = (overrides: Record<string, unknown> = {}) => ({
  purpose: 'school-enrolment',
  region: '370102',
  claims: [{ type: 'police.guardian-of', subject: 'child', with: { guardian: 'guardian' }, parameters: {} }],
  subjects: { child: CHILD, guardian: GUARDIAN },
  legalBasis: { type: 'consent', consentId: CONSENT_ID },
  timeBudgetMs: 1_000,
  ...overrides,
});

/** Rows as NDJSON; a text is a line as it is. */
export const ndjson = (rows: readonly unknown[]): string =>
  rows.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');

/** Some rows, all alike. */
export const rows = (count: number, overrides: Record<string, unknown> = {}) => Array.from({ length: count }, () => row(overrides));

/** How an upload is sent. */
export interface SubmitOptions {
  readonly token?: string;
  readonly type?: string;
  readonly gzip?: boolean;
  readonly key?: string;
}

type Caller = Pick<LookupUnderTest, 'call' | 'url' | 'platformToken'>;

/** Submits a text. */
export async function submit(lookup: Caller, body: string | Buffer, options: SubmitOptions = {}): Promise<CallAnswer> {
  const { token, type = 'application/x-ndjson', gzip = false, key } = options;
  const answer = await fetch(`${lookup.url}/v1/batches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? (await lookup.platformToken())}`,
      'content-type': type,
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: gzip ? gzipSync(body) : body,
  });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

/** Results as they are now. */
export async function resultsOf(lookup: Caller, id: string, query = '', token?: string): Promise<RowResult[]> {
  const { status, body } = await lookup.call(`/v1/batches/${id}/results${query}`, { token, headers: { accept: 'application/x-ndjson' } });
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RowResult);
}

/** Waits until a batch is so. */
export const untilBatch = (lookup: Caller, id: string, so: (batch: BatchAnswer) => boolean, token?: string): Promise<BatchAnswer> =>
  eventually(async () => {
    const { body } = await lookup.call(`/v1/batches/${id}`, { token });
    return so(body) && body;
  });

/** Waits until a batch has ended. */
export const untilComplete = (lookup: Caller, id: string, token?: string): Promise<BatchAnswer> =>
  untilBatch(lookup, id, ({ status }) => status === 'complete', token);
