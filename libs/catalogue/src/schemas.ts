import { isRegion } from '@vouch/identity';
import { z } from 'zod';
import { isSubjectKey } from './subjects.js';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case words joined by hyphens');
const role = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'must be a role in camelCase');
const region = z.string().refine(isRegion, 'must be a GB/T 2260 code of 2, 4 or 6 digits in quotes');
const subjectKey = z.string().refine(isSubjectKey, 'must be a subject key: child, guardian, guardian2, grandparent1…4, sibling1…9');
const claimTypeName = z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z0-9-]*$/, 'must be <agency>.<name>');
const version = z.int().min(1);
const agency = id;
const title = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
const distinct = <S extends z.ZodType>(item: S) =>
  z.array(item).refine((items) => new Set(items).size === items.length, 'must not name anything twice');

/** `claim-types.generated.json`. */
export const claimTypesSchema = z.array(
  z.strictObject({
    name: claimTypeName,
    version,
    agency,
    parametersSchema: z.record(z.string(), z.unknown()),
    disclosures: z.record(role, z.enum(['integer', 'boolean', 'date', 'code'])),
    routing: z.strictObject({ regionParameter: z.string().min(1).optional(), combine: z.enum(['any', 'all']) }),
    involves: z.array(z.strictObject({ role: role.refine((name) => name !== 'subject', 'must not be subject'), required: z.boolean() })),
  }),
);

/** `purposes.yaml`. */
export const purposesSchema = z.array(
  z.strictObject({ id, title, retentionDays: z.int().min(1).max(3650), statutoryBasis: title.optional() }),
);

/** `providers.yaml`. */
export const providersSchema = z.array(
  z.strictObject({
    id,
    agency,
    regions: distinct(region).min(1),
    address: z
      .string()
      .regex(/^\S+:\d{1,5}$/, 'must be host:port')
      .optional(),
  }),
);

// What a client may do of whom the catalogue says nothing else: a small platform's worth.
const limits = z
  .strictObject({
    requestsPerSecond: z.number().positive().default(50),
    burst: z.int().min(1).optional(),
    concurrent: z.int().min(1).default(100),
  })
  .transform(({ burst, ...rest }) => ({ ...rest, burst: burst ?? Math.max(1, Math.ceil(rest.requestsPerSecond)) }));

/** `clients.yaml`. */
export const clientsSchema = z.array(
  z.strictObject({
    id,
    title,
    purposes: distinct(id).min(1),
    regions: distinct(region).min(1),
    claimTypes: z.union([z.literal('*'), distinct(claimTypeName).min(1)]),
    statutoryPurposes: distinct(id),
    limits: limits.prefault({}),
  }),
);

/** One file of `requirement-sets/`. */
export const requirementSetSchema = z.strictObject({
  id: z.string().regex(/^\d{2,6}\/[a-z-]+\/\d{4}$/, 'must be <region>/<stage>/<year>'),
  title,
  region,
  purpose: id,
  alternatives: z
    .array(
      z.strictObject({
        id,
        title,
        allOf: z
          .array(
            z.strictObject({
              type: claimTypeName,
              version,
              subject: subjectKey,
              with: z.record(role, subjectKey).optional(),
              parameters: z.record(z.string(), z.unknown()),
            }),
          )
          .min(1)
          .max(20),
      }),
    )
    .min(1)
    .max(20),
});
