import { z } from 'zod';
import { claimTypeName, id, region, role } from './schema-parts.js';

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

/** `claim-types.yaml`: what people read of each claim type, which the agencies' adapters define. */
export const claimTextsSchema = z.array(
  z.strictObject({
    name: claimTypeName,
    title,
    description: title,
    office: title,
    legalBasis: title.optional(),
    sensitive: z.boolean().default(false),
    titles: z.strictObject({ parameter: role, of: z.record(z.string(), title) }).optional(),
    parameters: z.record(z.string(), title).default({}),
  }),
);
