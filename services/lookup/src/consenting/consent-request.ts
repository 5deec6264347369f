import type { Catalogue } from '@vouch/catalogue';
import { type RequestFault, TerminalError } from '@vouch/errors';
import type { Part } from '@vouch/proto/consent/v1/consent';
import type { z } from 'zod';
import { toCanonicalJson } from '../domain/canonical-json.js';
import { fromIssues, inOrder, toFault } from '../requests/faults.js';
import { entriesOf, type Person, personFaults, toPeople } from '../requests/people.js';
import { assertBounded, CONSENT_BOUND, DECISION_BOUND } from '../requests/request-bounds.js';
import { consentRequestSchema, decisionRequestSchema } from '../requests/request-schemas.js';

/** A wish for consent that was read and found without fault. */
export interface ConsentRequest {
  readonly purpose: string;
  readonly parts: readonly Part[];
  readonly people: Readonly<Record<string, Person>>;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly maxUses: number;
  readonly retentionDays: number;
  /** The parsed request in canonical form. Holds personal data. */
  readonly canonical: string;
}

const DEFAULT_VALID_DAYS = 90;
const DAY_MS = 24 * 3_600_000;

/** Reads the body of a wish for consent. Throws `request_invalid` with every fault of it, or the first place that is too large. */
export function readConsentRequest(body: unknown, catalogue: Catalogue, now: Date): ConsentRequest {
  assertBounded(body, CONSENT_BOUND);
  const parsed = consentRequestSchema.safeParse(body);
  const faults = [...(parsed.success ? [] : fromIssues(parsed.error.issues, body)), ...semanticFaults(body, catalogue, now)];
  if (!parsed.success || faults.length > 0) throw new TerminalError('request_invalid', { faults: inOrder(faults) });
  const { purpose, claimTypes, subjects, validFrom: from, validUntil: until, maxUses = 1, retentionDays } = parsed.data;
  const people = toPeople(subjects);
  const validFrom = from === undefined ? now : new Date(from);
  return {
    purpose,
    parts: toParts(claimTypes, Object.keys(people), catalogue),
    people,
    validFrom,
    validUntil: until === undefined ? new Date(validFrom.getTime() + DEFAULT_VALID_DAYS * DAY_MS) : new Date(until),
    maxUses,
    retentionDays: retentionDays ?? catalogue.purpose(purpose)?.retentionDays ?? 1,
    canonical: toCanonicalJson({ ...parsed.data, subjects: people }),
  };
}

function toParts(asked: z.infer<typeof consentRequestSchema>['claimTypes'], everyone: readonly string[], catalogue: Catalogue): Part[] {
  const parts = new Map<string, Part>();
  for (const item of asked) {
    const { type, version, subjects } = typeof item === 'string' ? { type: item, version: undefined, subjects: undefined } : item;
    const claimVersion = catalogue.claimType(type, version)?.version ?? 0;
    for (const subject of subjects ?? everyone) parts.set(`${subject} ${type} ${claimVersion}`, { subject, claimType: type, claimVersion });
  }
  return [...parts.values()];
}

function semanticFaults(body: unknown, catalogue: Catalogue, now: Date): RequestFault[] {
  const { purpose, claimTypes, subjects, validFrom, validUntil } = Object.fromEntries(entriesOf(body));
  const faults = personFaults(subjects);
  if (typeof purpose === 'string' && purpose !== '' && !catalogue.purpose(purpose)) faults.push(toFault(['purpose'], 'unknown_purpose'));
  const given = entriesOf(subjects).map(([key]) => key);
  if (typeof subjects === 'object' && given.length === 0) faults.push(toFault(['subjects'], 'too_small'));
  if (Array.isArray(claimTypes)) {
    for (const [index, item] of claimTypes.entries()) faults.push(...claimTypeFaults(item, index, new Set(given), catalogue));
  }
  const from = timeOf(validFrom) ?? now.getTime();
  const until = timeOf(validUntil);
  if (until !== undefined && until <= now.getTime()) faults.push(toFault(['validUntil'], 'window_past'));
  else if (until !== undefined && until <= from) faults.push(toFault(['validUntil'], 'window_empty'));
  return faults;
}

const timeOf = (value: unknown): number | undefined => {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

function claimTypeFaults(item: unknown, index: number, given: ReadonlySet<string>, catalogue: Catalogue): RequestFault[] {
  const named = typeof item === 'string';
  const { type, version, subjects } = named ? { type: item, version: undefined, subjects: undefined } : Object.fromEntries(entriesOf(item));
  const at = ['claimTypes', index];
  const faults: RequestFault[] = [];
  if (typeof type === 'string' && type !== '' && !catalogue.claimType(type, typeof version === 'number' ? version : undefined)) {
    const known = catalogue.claimType(type) !== undefined;
    faults.push(known ? toFault([...at, 'version'], 'unknown_claim_version') : toFault(named ? at : [...at, 'type'], 'unknown_claim_type'));
  }
  if (Array.isArray(subjects)) {
    for (const [place, key] of subjects.entries()) {
      if (typeof key === 'string' && !given.has(key)) faults.push(toFault([...at, 'subjects', place], 'subject_missing'));
    }
  }
  return faults;
}

/** Parts that a person names; versions may be left away. */
export type NamedPart = NonNullable<z.infer<typeof decisionRequestSchema>['parts']>[number];

/** Reads the body of a decision: the parts that are meant, or undefined for all. Throws `request_invalid`. */
export function readDecision(body: unknown): readonly NamedPart[] | undefined {
  assertBounded(body, DECISION_BOUND);
  const parsed = decisionRequestSchema.safeParse(body ?? {});
  if (!parsed.success) throw new TerminalError('request_invalid', { faults: inOrder(fromIssues(parsed.error.issues, body)) });
  return parsed.data.parts;
}

/**
 * Parts with their versions, as the consent has them. Throws `request_invalid` for one that it does not have.
 */
export function toVersionedParts(named: readonly NamedPart[], has: readonly Part[]): Part[] {
  const faults: RequestFault[] = [];
  const parts = named.flatMap((part, index) => {
    const found = has.filter(
      ({ subject, claimType, claimVersion }) =>
        subject === part.subject && claimType === part.claimType && (part.version === undefined || part.version === claimVersion),
    );
    if (found.length === 0) faults.push(toFault(['parts', index], 'unknown_part'));
    return found;
  });
  if (faults.length > 0) throw new TerminalError('request_invalid', { faults });
  return parts;
}
