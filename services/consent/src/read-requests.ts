import { type RequestFault, TerminalError } from '@vouch/errors';
import type { Part as PartMessage, RedeemRequest, Viewer } from '@vouch/proto/consent/v1/consent';
import type { Part, Person } from './domain/consent.js';

/** Longest lease that may be asked for, milliseconds. */
export const LONGEST_LEASE_MS = 10_000;
const MOST_PARTS = 500;
const LONGEST_TEXT = 256;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const REGION = /^\d{6}$/;

/** Whether a text is a UUID in lower case; anything else would fail a whole batch at the database. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** A text that is there, is not long, and can be stored. */
export const isText = (text: string): boolean => text.length > 0 && text.length <= LONGEST_TEXT && !text.includes('\0');

/** The signed-in person with audit pseudonyms and opaque reference. */
export interface SignedIn extends Person {
  readonly auditPseudonyms: readonly string[];
  /** Opaque subject of the person's token. */
  readonly actorRef: string;
}

/** Reads the signed-in person. Throws `request_invalid` when the edge sent none. */
export function readViewer(viewer: Viewer | undefined): SignedIn {
  const [current, ...others] = viewer?.consentPseudonyms ?? [];
  const texts = viewer && [viewer.actorRef, ...viewer.consentPseudonyms, ...viewer.auditPseudonyms];
  if (!viewer || !current || !texts?.every(isText)) throw invalid([fault('/viewer', 'required', 'Who is signed in must be said')]);
  return { pseudonyms: [current, ...others], auditPseudonyms: viewer.auditPseudonyms, actorRef: viewer.actorRef };
}

/** Parts without what a message carries beside them. */
export const readParts = (parts: readonly PartMessage[]): readonly Part[] =>
  parts.map(({ subject, claimType, claimVersion }) => ({ subject, claimType, claimVersion }));

/** Throws `request_invalid` with every fault of a redemption that is not well-formed. */
export function checkRedeem(request: RedeemRequest): void {
  const faults = [
    ...faultsOfLease(request),
    ...(isText(request.platform) ? [] : [fault('/platform', 'required', 'A platform')]),
    ...(isText(request.purpose) ? [] : [fault('/purpose', 'required', 'A purpose')]),
    ...(REGION.test(request.region) ? [] : [fault('/region', 'region_invalid', 'Six digits')]),
    ...(isText(request.fingerprint) ? [] : [fault('/fingerprint', 'required', 'A fingerprint')]),
    ...(request.parts.length > 0 && request.parts.length <= MOST_PARTS
      ? []
      : [fault('/parts', 'out_of_range', `1 to ${MOST_PARTS} parts`)]),
    ...request.parts.flatMap((part, index) =>
      isText(part.claimType) && isKnown(request.persons[part.subject])
        ? []
        : [fault(`/parts/${index}`, 'unknown_subject', 'Who it is about')],
    ),
  ];
  if (faults.length > 0) throw invalid(faults);
}

const isKnown = (person: RedeemRequest['persons'][string] | undefined): boolean =>
  person !== undefined && person.consentPseudonyms.length > 0 && [person.auditPseudonym, ...person.consentPseudonyms].every(isText);

/** Faults of what a redemption and a renewal have in common. */
export function faultsOfLease({ verificationId, leaseMs }: { verificationId: string; leaseMs: number }): RequestFault[] {
  return [
    ...(isUuid(verificationId) ? [] : [fault('/verificationId', 'uuid_invalid', 'A UUID in lower case')]),
    ...(leaseMs >= 1 && leaseMs <= LONGEST_LEASE_MS ? [] : [fault('/leaseMs', 'out_of_range', `From 1 to ${LONGEST_LEASE_MS}`)]),
  ];
}

/** The error of a request with faults. */
export const invalid = (faults: readonly RequestFault[]): TerminalError => new TerminalError('request_invalid', { faults });

/** One fault. */
export const fault = (pointer: string, code: string, detail: string): RequestFault => ({ pointer, code, detail });
