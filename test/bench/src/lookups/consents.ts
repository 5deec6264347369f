import type { Keyring } from '@vouch/identity';
import type { Lookup } from './lookup.js';

/** A consent's rows as the consent service wrote them: one real consent, from which the others are made. */
export interface ConsentRows {
  readonly consent: Row & { readonly id: string; readonly parts: readonly Row[] };
  readonly persons: readonly (Row & { readonly subject: 'child' | 'guardian' })[];
  readonly history: readonly Row[];
}

/** A row as JSON; bytes as PostgreSQL prints them. */
type Row = Readonly<Record<string, unknown>>;

/**
 * The rows of other families' consents. Everything that says whose consent it is is made anew as the service makes it: the id, pseudonyms,
 * sealed identities. Everything else is as in the real one.
 */
export function multiply(model: ConsentRows, keyring: Keyring, lookups: readonly Lookup[]): ConsentRows[] {
  assertSealedSo(model, keyring);
  return lookups.map((lookup) => {
    const { consentId: id } = lookup;
    const pseudonym = (subject: 'child' | 'guardian', context: 'consent' | 'audit') => keyring.pseudonym(context, lookup[subject].idNumber);
    const audited = { child: pseudonym('child', 'audit'), guardian: pseudonym('guardian', 'audit') };
    const decidedBy = pseudonym('guardian', 'consent');
    return {
      consent: {
        ...model.consent,
        id,
        parts: model.consent.parts.map((part) => ({ ...part, ...('decidedBy' in part && { decidedBy }) })),
        fingerprint: keyring.fingerprint(id),
        audit_persons: toBytea(keyring.seal(JSON.stringify(audited), auditPlace(id))),
      },
      persons: model.persons.map((person) => {
        const { idNumber, name } = lookup[person.subject];
        const identity = toBytea(keyring.seal(JSON.stringify([idNumber, name]), identityPlace(id, person.subject)));
        return { ...person, consent_id: id, pseudonym: pseudonym(person.subject, 'consent'), identity };
      }),
      history: model.history.map((entry) => ({ ...entry, consent_id: id })),
    };
  });
}

const identityPlace = (id: string, subject: string) => ({ table: 'persons', row: `${id}/${subject}`, column: 'identity' });
const auditPlace = (id: string) => ({ table: 'consents', row: id, column: 'audit_persons' });
const toBytea = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
const fromBytea = (text: unknown): Buffer => Buffer.from(String(text).slice(2), 'hex');

/** Throws when the service seals in another way by now: then ours would be no consents that it could read. */
function assertSealedSo({ consent, persons }: ConsentRows, keyring: Keyring): void {
  keyring.open(fromBytea(consent.audit_persons), auditPlace(consent.id));
  for (const { subject, identity } of persons) keyring.open(fromBytea(identity), identityPlace(consent.id, subject));
}
