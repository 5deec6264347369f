import { z } from 'zod';
import { legalBasisSchema } from '../requests/request-schemas.js';
import { categoryReasonSchema, explanationSchema } from './explanation-schemas.js';

/** An instant of ours. */
export const instant = () => z.iso.datetime().meta({ example: '2026-08-31T08:00:00.000Z' });
const disclosures = () => z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const verdict = () => z.enum(['met', 'not_met', 'undetermined']);
/** An id. */
export const uuid = () => z.guid();

const claimResultSchema = z
  .object({
    type: z.string(),
    version: z.int(),
    subject: z.string(),
    outcome: z
      .enum(['confirmed', 'refuted', 'not_found', 'ambiguous', 'unavailable', 'not_needed'])
      .meta({ description: '`not_needed`: nobody was asked, since the set was decided without it' }),
    agency: z.string(),
    asOf: z.string().optional().meta({ description: 'Day to which the records are complete' }),
    disclosures: disclosures().meta({ description: 'Only what the claim type declares' }),
    reason: z.string().optional().meta({ description: 'Why it is unavailable, or was not asked' }),
    retryAt: instant().optional().meta({ description: 'When it is asked again' }),
  })
  .meta({ id: 'ClaimResult', description: 'One claim with what came of it' });

const alternativeSchema = z
  .object({
    id: z.string(),
    result: verdict(),
    reason: categoryReasonSchema,
    claims: z.array(z.int()).meta({ description: 'Indexes into `claims` that decided it' }),
  })
  .meta({ id: 'Alternative', description: 'One alternative of the requirement set with its value; `claims` for explicit claims' });

/** A verification as its platform sees it. */
export const verificationSchema = z
  .object({
    id: uuid(),
    status: z.enum(['pending', 'complete', 'closed', 'refused']),
    verdict: verdict().optional().meta({ description: 'Absent when refused' }),
    purpose: z.string(),
    region: z.string(),
    requirementSet: z.string().optional(),
    catalogueVersion: z.string().optional().meta({ description: 'Version of the catalogue that it was decided under' }),
    legalBasis: legalBasisSchema,
    createdAt: instant(),
    completedAt: instant().optional().meta({ description: 'Absent while pending' }),
    code: z.string().optional().meta({ description: 'Code of the refusal or of the closing' }),
    claims: z.array(claimResultSchema),
    alternatives: z.array(alternativeSchema).meta({ description: 'In priority order' }),
    explanation: explanationSchema.optional().meta({ description: 'Of a requirement set; not in results of batches' }),
  })
  .meta({ id: 'Verification', description: 'One lookup and all that came of it' });

/** One fault of a request. */
export const faultSchema = z
  .object({
    pointer: z.string().meta({ description: 'JSON pointer (RFC 6901) into the body; `/@url` and `/@header/<name>` are outside of it' }),
    code: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'RequestFault', description: 'One fault of a request' });

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; the same over gRPC' }),
    detail: z.string().optional(),
    errors: z.array(faultSchema).optional().meta({ description: 'Every fault of the request' }),
    verificationId: z.string().optional().meta({ description: 'The verification that a refusal was recorded as' }),
    traceId: z.string(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });

/** What is left of a verification whose answer was erased. */
export const goneSchema = problemSchema
  .extend({ id: uuid(), createdAt: instant(), completedAt: instant().optional(), legalBasis: legalBasisSchema })
  .meta({ id: 'GoneProblem', description: 'The answer has been erased: id, times and basis are left' });

const consentStatus = () => z.enum(['requested', 'granted', 'refused', 'expired', 'withdrawing', 'withdrawn', 'spent']);
const partSchema = z
  .object({ subject: z.string(), claimType: z.string(), version: z.int() })
  .meta({ id: 'Part', description: 'One claim type about one person' });
const partDecisionSchema = partSchema
  .extend({ state: z.enum(['requested', 'granted', 'refused']), decidedAt: instant().optional() })
  .meta({ id: 'PartDecision', description: 'A part with its state' });
const changeSchema = z
  .object({
    sequence: z.int(),
    at: instant(),
    actor: z.string().meta({ description: '`platform:<id>`, `person:<opaque reference>` or `vouch`' }),
    change: z.string(),
    parts: z.array(partSchema),
    previous: consentStatus().optional(),
    status: consentStatus(),
  })
  .meta({ id: 'ConsentChange', description: 'One entry of the history' });

/** A consent. */
export const consentSchema = z
  .object({
    id: uuid(),
    status: consentStatus(),
    platform: z.string(),
    purpose: z.string(),
    parts: z.array(partDecisionSchema),
    validFrom: instant(),
    validUntil: instant(),
    maxUses: z.int(),
    uses: z.int(),
    retentionDays: z.int(),
    createdAt: instant(),
    history: z.array(changeSchema),
  })
  .meta({ id: 'Consent', description: 'Who lets whom ask what, for which purpose, until when, how often' });

/** Whose access log a person may read. */
export const accessSubjectsSchema = z
  .object({ subjects: z.array(z.object({ subjectRef: z.string(), relation: z.enum(['self', 'child']) })) })
  .meta({ id: 'AccessSubjects', description: 'Whose access log may be read, by opaque references' });

/** One page of an access log. */
export const accessesSchema = z
  .object({
    accesses: z.array(
      z.object({
        verificationId: z.string(),
        at: instant(),
        platform: z.string(),
        purpose: z.string(),
        region: z.string(),
        claimTypes: z.array(z.string()),
        legalBasis: z.string(),
        consentId: z.string().optional(),
        result: z.enum(['under_way', 'answered', 'refused', 'answer_unknown']),
        code: z.string().optional(),
      }),
    ),
    nextPageToken: z.string().optional(),
  })
  .meta({ id: 'Accesses', description: 'Who looked, when, for what, newest first' });

const title = () => z.object({ 'zh-CN': z.string(), en: z.string() });

/** The public part of the catalogue. */
export const catalogueSchema = z
  .object({
    version: z.string(),
    purposes: z.array(z.object({ id: z.string(), title: title(), retentionDays: z.int(), statutoryBasis: title().optional() })),
    claimTypes: z.array(
      z.object({
        name: z.string(),
        version: z.int(),
        agency: z.string(),
        parametersSchema: z.record(z.string(), z.unknown()),
        disclosures: z.record(z.string(), z.string()),
        routing: z.object({ regionParameter: z.string().optional(), combine: z.enum(['any', 'all']) }),
        involves: z.array(z.object({ role: z.string(), required: z.boolean() })),
      }),
    ),
    requirementSets: z.array(
      z.object({
        id: z.string(),
        title: title(),
        region: z.string(),
        purpose: z.string(),
        alternatives: z.array(
          z.object({
            id: z.string(),
            title: title(),
            allOf: z.array(
              z.object({
                type: z.string(),
                version: z.int(),
                subject: z.string(),
                with: z.record(z.string(), z.string()).optional(),
                parameters: z.record(z.string(), z.unknown()),
              }),
            ),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Catalogue', description: 'What can be asked, for which purposes, by which rules' });

/** How the service is. */
export const healthSchema = z
  .object({ status: z.string(), parts: z.record(z.string(), z.string()).optional() })
  .meta({ id: 'Health', description: 'Liveness or readiness' });

/** Header of routes that make something. */
export const idempotencyHeaderSchema = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: 'The same key with the same request finds what the first one made, for 7 days' }),
});

/** Header of routes that may wait. */
export const preferHeaderSchema = z.object({
  prefer: z.string().optional().meta({ description: 'Preferences (RFC 7240); `wait` in seconds is known', example: 'wait=30' }),
});
