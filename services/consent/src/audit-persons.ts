import type { Keyring } from '@vouch/identity';
import type { Part } from './domain/consent.js';
import type { AuditedPerson } from './events.js';

/** Audit pseudonyms of a consent's people, by subject key. */
export type AuditPseudonyms = Readonly<Record<string, string>>;

const placeOf = (consentId: string) => ({ table: 'consents', row: consentId, column: 'audit_persons' });

/** Seals the audit pseudonyms of a consent's people into its row. */
export const sealAuditPersons = (keyring: Keyring, consentId: string, pseudonyms: AuditPseudonyms): Buffer =>
  keyring.seal(JSON.stringify(pseudonyms), placeOf(consentId));

/** The people whom parts are about, for an audit record. */
export function openAuditPersons(keyring: Keyring, consentId: string, sealed: Buffer, parts: readonly Part[]): readonly AuditedPerson[] {
  const pseudonyms = JSON.parse(keyring.open(sealed, placeOf(consentId))) as AuditPseudonyms;
  return groupBySubject(parts).flatMap(([subject, claimTypes]) => {
    const pseudonym = pseudonyms[subject];
    return pseudonym ? [{ subject, pseudonym, claimTypes }] : [];
  });
}

/** Claim types by subject key, each once. */
export function groupBySubject(parts: readonly Part[]): readonly (readonly [subject: string, claimTypes: readonly string[]])[] {
  const types = new Map<string, Set<string>>();
  for (const part of parts) types.set(part.subject, (types.get(part.subject) ?? new Set()).add(part.claimType));
  return [...types].map(([subject, claimTypes]) => [subject, [...claimTypes]] as const);
}
