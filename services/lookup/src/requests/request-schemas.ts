import { isDay } from '@vouch/identity';
import { z } from 'zod';

/** Keys that a subject may have. */
export const SUBJECT_KEY = /^(?:child|guardian2?|grandparent[1-4]|sibling[1-9])$/;

const subjectKey = () => z.string().regex(SUBJECT_KEY);
// Lengths count characters here as JSON Schema does; zod counts UTF-16 units, so the name's own rule is in people.ts.
const subjectSchema = z
  .strictObject({
    idNumber: z.string().meta({ description: 'GB 11643 number, 18 characters with its check digit', minLength: 18, maxLength: 18 }),
    name: z.string().meta({ description: 'Full name as on the document', minLength: 1, maxLength: 100 }),
  })
  .meta({ id: 'Subject', description: 'A person of the lookup or the consent' });

const subjects = () =>
  z
    .record(subjectKey(), subjectSchema)
    .meta({ description: 'People by key: `child`, `guardian`, `guardian2`, `grandparent1` to `4`, `sibling1` to `9`' });
const purpose = () => z.string().min(1).max(100).meta({ description: 'Purpose in the catalogue', example: 'school-enrolment' });
const claimTypeName = () => z.string().min(1).max(100).meta({ description: "Claim type's name", example: 'housing.owns-home' });
const version = () => z.int().min(1).max(65535).meta({ description: "Claim type's version; the newest unless said" });

/** Most claims that one lookup may ask. */
export const MOST_CLAIMS = 50;
/** Most parts that one decision may name. */
export const MOST_PARTS = 200;
/** Time budget of a lookup that names none, milliseconds. */
export const DEFAULT_TIME_BUDGET_MS = 3_000;

/** Longest time for which a lookup may be retried, seconds: 72 hours. */
export const LONGEST_RETRY_S = 72 * 3_600;

/** One explicit claim. */
export const claimSchema = z
  .strictObject({
    type: claimTypeName(),
    version: version().optional(),
    subject: subjectKey().meta({ description: 'Key of the subject that it is about' }),
    with: z.record(z.string().min(1).max(64), subjectKey()).optional().meta({ description: 'Further persons: role to subject key' }),
    parameters: z.record(z.string(), z.unknown()).optional().meta({ description: "Parameters that the claim type's schema accepts" }),
  })
  .meta({ id: 'Claim', description: 'One thing to verify' });

/** Why a platform may ask. */
export const legalBasisSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('consent'), consentId: z.guid().meta({ description: "Consent's id" }) }),
    z.strictObject({ type: z.literal('statutory_duty') }),
  ])
  .meta({ id: 'LegalBasis', description: 'Consent by its id, or a statutory duty that the catalogue grants to the platform' });

/** Body of `POST /v1/verifications`. */
export const verificationRequestSchema = z
  .strictObject({
    purpose: purpose(),
    region: z
      .string()
      .regex(/^\d{6}$/)
      .meta({ description: 'County of the application, GB/T 2260', example: '370102' }),
    requirementSet: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Requirement set by name; or `claims`', example: '370102/primary/2026' }),
    claims: z
      .array(claimSchema)
      .min(1)
      .max(MOST_CLAIMS)
      .optional()
      .meta({ description: 'Explicit claims, which mean all of them; or `requirementSet`' }),
    entryYear: z
      .int()
      .min(2000)
      .max(2100)
      .optional()
      .meta({ description: 'Year of entry, with `requirementSet`; the first that the set binds unless said' }),
    applicationDate: z
      .string()
      .refine(isDay)
      .optional()
      .meta({ description: 'Day of the application, with `requirementSet`; today (Asia/Shanghai) unless said', format: 'date' }),
    addressCode: z
      .string()
      .regex(/^\d{6,18}$/)
      .optional()
      .meta({ description: 'Address code that the application is for, or the beginning of one, with `requirementSet`' }),
    facts: z
      .record(z.string().min(1).max(64), z.boolean())
      .optional()
      .meta({ description: 'Facts of the set that a person at the platform has seen, by id, with `requirementSet`' }),
    subjects: subjects(),
    legalBasis: legalBasisSchema,
    timeBudgetMs: z
      .int()
      .min(100)
      .max(10_000)
      .optional()
      .meta({ description: `Milliseconds for the whole lookup; ${DEFAULT_TIME_BUDGET_MS} unless said` }),
    retryForSeconds: z.int().min(0).max(LONGEST_RETRY_S).optional().meta({
      description:
        'Seconds from now for which agencies that are unavailable are asked again; 0: not at all. As long as the service does it (72 hours) unless said',
    }),
  })
  .meta({ id: 'VerificationRequest', description: 'One lookup: a requirement set or claims about people, on a legal basis' });

/** Body of `POST /v1/consents`. */
export const consentRequestSchema = z
  .strictObject({
    purpose: purpose(),
    claimTypes: z
      .array(
        z.union([
          claimTypeName(),
          z.strictObject({
            type: claimTypeName(),
            version: version().optional(),
            subjects: z.array(subjectKey()).min(1).max(20).optional().meta({ description: 'Whom it is about; everyone named unless said' }),
          }),
        ]),
      )
      .min(1)
      .max(MOST_CLAIMS)
      .meta({ description: 'What is to be asked: a name means the newest version, about everyone named' }),
    subjects: subjects(),
    validFrom: z.iso.datetime({ offset: true }).optional().meta({ description: 'First instant of use; now unless said' }),
    validUntil: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Last instant of use; 90 days after the first unless said' }),
    maxUses: z.int().min(1).max(10_000).optional().meta({ description: 'Most verifications on it; 1 unless said' }),
    retentionDays: z.int().min(1).max(3_650).optional().meta({ description: "Days that answers are kept; the purpose's own unless said" }),
  })
  .meta({ id: 'ConsentRequest', description: 'A platform asks people for consent' });

/** One part of a consent, as a person names it. */
export const partSchema = z
  .strictObject({
    subject: subjectKey(),
    claimType: claimTypeName(),
    version: version().optional(),
  })
  .meta({ id: 'PartReference', description: 'One claim type about one person' });

/** Body of grant, refuse and withdraw. */
export const decisionRequestSchema = z
  .strictObject({
    parts: z
      .array(partSchema)
      .min(1)
      .max(MOST_PARTS)
      .optional()
      .meta({ description: 'Parts that are meant; all that the person may decide unless said' }),
  })
  .meta({ id: 'DecisionRequest', description: 'What a person decides about' });
