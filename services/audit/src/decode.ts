import { AuditRecorded } from '@vouch/proto/event/v1/event';
import { z } from 'zod';
import type { AuditRecord } from './domain/audit-record.js';

/** An audit event's payload: as it came, and as it is understood. */
export interface Decoded {
  /** What the leaf's digest is over. */
  readonly raw: unknown;
  readonly record: AuditRecord;
  /** The writer's salt, if it is one. */
  readonly salt: Buffer | undefined;
}

const SHORTEST_SALT = 16;

// Fields that are not known yet are let through: writers are deployed before readers sometimes.
const shape = z.looseObject({
  verificationId: z.guid().optional(),
  consentId: z.string().max(64).optional(),
  action: z.string().min(1).max(64),
  persons: z
    .array(z.looseObject({ pseudonym: z.string().min(1).max(256) }))
    .max(100)
    .optional(),
  leaseEnd: z.iso.datetime({ offset: true }).optional(),
});

/** Reads a payload. Throws when it is none of ours; the bus then puts the event aside. */
export function decode(payload: unknown): Decoded {
  const message = AuditRecorded.fromJSON(shape.parse(payload));
  const salt = Buffer.from(message.salt, 'base64');
  const { verificationId, consentId, action, platform, purpose, region, legalBasis, code, leaseEnd } = message;
  return {
    raw: payload,
    record: {
      ...{ verificationId, consentId, action, platform, purpose, region, legalBasis, code },
      persons: message.persons.map(({ pseudonym, claimTypes }) => ({ pseudonym, claimTypes })),
      ...(leaseEnd && { leaseEnd }),
    },
    salt: salt.length >= SHORTEST_SALT ? salt : undefined,
  };
}
