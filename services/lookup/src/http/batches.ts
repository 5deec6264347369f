import { Readable } from 'node:stream';
import { fromUnknown, TerminalError } from '@vouch/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BatchCommand } from '../batches/batch-rows.js';
import { BOUNDS } from '../batches/bounds.js';
import type { RowFormat } from '../batches/receive.js';
import { CSV, NDJSON, type ResultFormat } from '../batches/result-formats.js';
import type { RowResult } from '../batches/results.js';
import { fromIssues, inOrder } from '../requests/faults.js';
import { readIdempotencyKey } from '../requests/idempotency-key.js';
import { chooseType } from './accept.js';
import { batchSchema, resultsQuerySchema, rowResultSchema, uploadSchema } from './batch-schemas.js';
import { callerOf } from './exchange.js';
import { guard } from './guard.js';
import type { HttpParts } from './parts.js';
import { bearer, json, problems } from './route-docs.js';
import { idempotencyHeaderSchema } from './schemas.js';
import { toUpload } from './upload.js';

const UPLOAD_TYPES: Readonly<Record<string, RowFormat>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
};
const RESULT_TYPES: Readonly<Record<string, ResultFormat>> = {
  'application/x-ndjson': NDJSON,
  'application/ndjson': NDJSON,
  'text/csv': CSV,
};

const COMMANDS: Readonly<Record<BatchCommand, { readonly summary: string; readonly description: string }>> = {
  pause: { summary: 'Pause a batch', description: 'Rows under way are answered; no further one is asked.' },
  resume: { summary: 'Resume a batch', description: 'It goes on where it was paused.' },
  cancel: {
    summary: 'Cancel a batch',
    description: 'For good: rows not asked yet are erased. What was asked stays, also what still waits for an agency.',
  },
};

/** `/v1/batches`. */
export function addBatches(app: FastifyInstance, parts: HttpParts): void {
  const { batches } = parts;
  const platformOf = (request: FastifyRequest): string => {
    const caller = callerOf(request);
    // Batches are their platform's; for anybody else there are none.
    if (caller.kind !== 'platform') throw new TerminalError('batch_not_found');
    return caller.clientId;
  };

  app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers();
    // Not read here: rows are read as they come.
    uploads.addContentTypeParser(Object.keys(UPLOAD_TYPES), (_request, payload, done) => done(null, payload));
    uploads.route({
      method: 'POST',
      url: '/v1/batches',
      onRequest: guard(parts, { scope: 'verifications:write', kind: 'platform' }),
      config: { longUpload: true },
      schema: {
        operationId: 'createBatch',
        tags: ['batches'],
        summary: 'Submit a batch of lookups',
        description: `One lookup a line, as NDJSON or as CSV with a header line, also with \`content-encoding: gzip\`; up to ${BOUNDS.mostRows} rows. 201 once every row is stored; a row with faults has them as its result and stops nothing. An upload that is cut leaves nothing.`,
        security: bearer('verifications:write'),
        headers: idempotencyHeaderSchema,
        consumes: ['application/x-ndjson', 'text/csv'],
        body: uploadSchema,
        response: { 201: json('Every row is stored', batchSchema), ...problems(400, 408, 409, 413, 415, 422) },
      },
      async handler(request, reply) {
        const upload = toUpload(request.raw, headerOf(request, 'content-encoding') ?? 'identity');
        try {
          const batch = await batches.submit({
            platform: platformOf(request),
            format: formatOf(request),
            body: upload.bytes,
            idempotencyKey: readIdempotencyKey(request.headers['idempotency-key']),
          });
          return reply.code(201).header('location', `/v1/batches/${batch.id}`).header('cache-control', 'no-store').send(batch);
        } catch (failure) {
          await upload.passOver();
          void reply.header('connection', 'close');
          throw failure;
        }
      },
    });
  });

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/v1/batches/:id',
    onRequest: guard(parts, { scope: 'verifications:read' }),
    schema: {
      operationId: 'getBatch',
      tags: ['batches'],
      summary: 'How far a batch is',
      security: bearer('verifications:read'),
      params: z.object({ id: z.guid() }),
      response: { 200: json('The batch', batchSchema), ...problems(404) },
    },
    handler: async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await batches.read(platformOf(request), request.params.id)),
  });

  for (const command of ['pause', 'resume', 'cancel'] as const) {
    app.route<{ Params: { id: string } }>({
      method: 'POST',
      url: `/v1/batches/:id/${command}`,
      onRequest: guard(parts, { scope: 'verifications:write', kind: 'platform' }),
      schema: {
        operationId: `${command}Batch`,
        tags: ['batches'],
        ...COMMANDS[command],
        security: bearer('verifications:write'),
        params: z.object({ id: z.guid() }),
        response: { 200: json('The batch as it is now', batchSchema), ...problems(404, 409) },
      },
      handler: async (request, reply) =>
        reply.header('cache-control', 'no-store').send(await batches.command(platformOf(request), request.params.id, command)),
    });
  }

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/v1/batches/:id/results',
    onRequest: guard(parts, { scope: 'verifications:read' }),
    config: { ownAccept: true },
    schema: {
      operationId: 'getBatchResults',
      tags: ['batches'],
      summary: 'What came of the rows',
      description:
        'A line a row, in the order of the rows, up to the first row that has no result yet: what is read while the batch runs is the beginning of what is read later, and `after` goes on from there. Each answer is read anew: a row that was `pending` may be `complete` the next time, one whose consent was withdrawn is `gone`.',
      security: bearer('verifications:read'),
      params: z.object({ id: z.guid() }),
      querystring: resultsQuerySchema,
      response: {
        200: {
          description: 'Results',
          content: { 'application/x-ndjson': { schema: rowResultSchema }, 'text/csv': { schema: z.string() } },
        },
        ...problems(400, 404),
      },
    },
    async handler(request, reply) {
      const format = RESULT_TYPES[chooseType(request.headers.accept, Object.keys(RESULT_TYPES)) ?? ''];
      if (!format) throw new TerminalError('not_acceptable');
      const query = resultsQuerySchema.safeParse(request.query);
      if (!query.success) throw new TerminalError('request_invalid', { faults: inOrder(fromIssues(query.error.issues, request.query)) });
      const { after = 0, limit = BOUNDS.mostRows } = query.data;
      const trace = request.exchange.span.context;
      const results = await batches.results(platformOf(request), request.params.id, { after, limit, trace });
      return stream(results, format, reply, (failure) => {
        const { code } = fromUnknown(failure);
        parts.logger.warn({ trace: trace.traceId, code, err: failure }, 'results of a batch were cut off');
      });
    },
  });
}

/** Sends results as fast as they are read, and no faster. What fails before the first of them is a problem; later the answer is cut. */
async function stream(
  results: AsyncGenerator<RowResult[]>,
  format: ResultFormat,
  reply: FastifyReply,
  onCut: (failure: unknown) => void,
): Promise<FastifyReply> {
  const first = await results.next();
  async function* lines(): AsyncGenerator<string> {
    yield format.head;
    try {
      for (let piece = first; !piece.done; piece = await results.next()) yield piece.value.map(format.line).join('');
    } catch (failure) {
      onCut(failure);
      throw failure;
    }
  }
  // An empty text would end the stream.
  const texts = Readable.from(withoutEmpty(lines()), { highWaterMark: 2 });
  return reply.type(format.contentType).header('cache-control', 'no-store').send(texts);
}

async function* withoutEmpty(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) if (text !== '') yield text;
}

function formatOf(request: FastifyRequest): RowFormat {
  const [type = '', ...parameters] = (headerOf(request, 'content-type') ?? '').split(';').map((part) => part.trim().toLowerCase());
  const format = UPLOAD_TYPES[type];
  const charset = parameters.map((parameter) => /^charset="?([^"]*)/.exec(parameter)?.[1]).find((value) => value !== undefined) ?? 'utf-8';
  if (format && /^utf-?8$/.test(charset)) return format;
  throw new TerminalError('content_type_unsupported', { detail: 'A batch is application/x-ndjson or text/csv, in UTF-8' });
}

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
};
