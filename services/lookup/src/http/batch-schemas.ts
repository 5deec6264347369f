import { z } from 'zod';
import { BOUNDS } from '../batches/bounds.js';
import { faultSchema, instant, uuid, verificationSchema } from './schemas.js';

const count = () => z.int().min(0);

/** A batch as its platform sees it. */
export const batchSchema = z
  .object({
    id: uuid(),
    status: z
      .enum(['queued', 'running', 'paused', 'complete', 'cancelled'])
      .meta({ description: '`running`: its rows are asked, or all were and some wait for an agency' }),
    code: z.string().optional().meta({ description: '`batch_expired`: it was not over within six days, and was cancelled' }),
    rows: z
      .object({
        total: count(),
        done: count().meta({ description: 'Rows whose verification is complete' }),
        failed: count().meta({ description: 'Rows with faults, refused or closed' }),
        pending: count().meta({ description: 'Rows without a final result: not asked yet, or waiting for an agency' }),
        cancelled: count().meta({ description: 'Rows that were not asked any more' }),
      })
      .meta({ description: '`total` is the sum of the others' }),
    ratePerSecond: z.number().meta({ description: 'Rows asked a second: of the last half minute while it runs, of all of it afterwards' }),
    remainingSeconds: count()
      .optional()
      .meta({ description: 'Until every row has been asked, at this rate; absent when it cannot be told' }),
    createdAt: instant(),
    startedAt: instant().optional(),
    endedAt: instant().optional(),
  })
  .meta({ id: 'Batch', description: 'Many lookups, submitted at once' });

/** Result of one row, as one line of NDJSON. */
export const rowResultSchema = z
  .object({
    row: z.int().min(1).meta({ description: 'Number of the row in the upload, from 1; blank lines and the header do not count' }),
    status: z.enum(['pending', 'complete', 'closed', 'refused', 'failed', 'gone', 'withheld', 'cancelled']),
    verificationId: uuid().optional(),
    verification: verificationSchema.optional(),
    code: z.string().optional().meta({ description: 'Why it is refused, failed, gone or withheld' }),
    errors: z
      .array(faultSchema)
      .optional()
      .meta({ description: `Faults of the row, ${BOUNDS.mostFaultsOfARow} at most` }),
  })
  .meta({ id: 'RowResult', description: 'What came of one row' });

/** Body of `POST /v1/batches`. */
export const uploadSchema = z.string().meta({
  description:
    'A `VerificationRequest` a line; or CSV with columns out of `purpose`, `region`, `requirementSet`, `entryYear`, `applicationDate`, `addressCode`, `claims` (JSON), `legalBasis`, `consentId`, `timeBudgetMs`, `retryForSeconds`, `facts.<id>` (`true`, `false`), `<subject>.idNumber`, `<subject>.name`',
});

/** Which results are wanted. */
export const resultsQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).max(BOUNDS.mostRows).optional().meta({ description: 'Only rows behind this one; 0 unless said' }),
  limit: z.coerce.number().int().min(1).max(BOUNDS.mostRows).optional().meta({ description: 'Most rows; all unless said' }),
});
