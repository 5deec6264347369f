import type { Credentials } from '@vouch/client';
import type { PlannedRow } from '../batch.js';
import type { Edge } from '../system/start-system.js';
import type { ApiOptions } from './api.js';
import { createCaller, type Outcome } from './call.js';
import { toVerificationRequest } from './verification-request.js';

/** What can be told a batch. */
export type Command = 'pause' | 'resume' | 'cancel';

/** A batch that a client knows of. */
export interface KnownBatch {
  readonly id: string;
  readonly platform: string;
}

/** One client of Vouch, for batches. */
export interface BatchApi {
  submit(
    edge: Edge,
    upload: { readonly platform: string; readonly key: string; readonly rows: readonly PlannedRow[] },
    final?: true,
  ): Promise<Outcome>;
  command(edge: Edge, batch: KnownBatch, what: Command, final?: true): Promise<Outcome>;
  read(edge: Edge, batch: KnownBatch, final?: true): Promise<Outcome>;
  /** Results of the rows behind `after`, as far as there are any. */
  results(edge: Edge, batch: KnownBatch, after: number, final?: true): Promise<Outcome>;
}

/** A client for batches called `name`. */
export function createBatchApi({ name, demo, history, tokens }: ApiOptions): BatchApi {
  const call = createCaller(name, history);
  const tokenOf = (platform: string) => () => {
    const credentials: Credentials = platform === demo.platform.clientId ? demo.platform : demo.office;
    return tokens.platform(credentials);
  };
  const toLine = (row: PlannedRow): string => (row.malformed ? '{"purpose":' : JSON.stringify(toVerificationRequest(demo, row)));

  return {
    submit(edge, { platform, key, rows }, final) {
      return call(
        edge,
        { operation: 'submit-batch', platform, key, rows, ...(final && { final }) },
        {
          method: 'POST',
          path: '/v1/batches',
          body: `${rows.map(toLine).join('\n')}\n`,
          contentType: 'application/x-ndjson',
          token: tokenOf(platform),
        },
      );
    },
    command(edge, { id, platform }, what, final) {
      return call(
        edge,
        { operation: `${what}-batch`, platform, batch: id, ...(final && { final }) },
        { method: 'POST', path: `/v1/batches/${id}/${what}`, token: tokenOf(platform) },
      );
    },
    read(edge, { id, platform }, final) {
      return call(
        edge,
        { operation: 'read-batch', platform, batch: id, ...(final && { final }) },
        { method: 'GET', path: `/v1/batches/${id}`, token: tokenOf(platform) },
      );
    },
    results(edge, { id, platform }, after, final) {
      return call(
        edge,
        { operation: 'read-results', platform, batch: id, after, ...(final && { final }) },
        {
          method: 'GET',
          path: `/v1/batches/${id}/results?after=${after}`,
          headers: { accept: 'application/x-ndjson' },
          token: tokenOf(platform),
        },
      );
    },
  };
}
