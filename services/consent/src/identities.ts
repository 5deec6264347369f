import { ageOn, dayInShanghai, type Keyring } from '@vouch/identity';
import type { Ages } from './domain/who-may-decide.js';

/** A person in clear; lives only while a call needs it. */
export interface Identity {
  readonly idNumber: string;
  readonly name: string;
}

/** A person's row. */
export interface SealedPerson {
  readonly subject: string;
  readonly pseudonym: string;
  /** Null once the consent has ended. */
  readonly identity: Buffer | null;
}

const placeOf = (consentId: string, subject: string) => ({ table: 'persons', row: `${consentId}/${subject}`, column: 'identity' });

/** Seals an identity for its row. */
export const sealIdentity = (keyring: Keyring, consentId: string, subject: string, { idNumber, name }: Identity): Buffer =>
  keyring.seal(JSON.stringify([idNumber, name]), placeOf(consentId, subject));

/** Identities that are still kept, by subject key. */
export function openIdentities(keyring: Keyring, consentId: string, persons: readonly SealedPerson[]): ReadonlyMap<string, Identity> {
  const open = new Map<string, Identity>();
  for (const { subject, identity } of persons) {
    if (!identity) continue;
    const [idNumber, name] = JSON.parse(keyring.open(identity, placeOf(consentId, subject))) as [string, string];
    open.set(subject, { idNumber, name });
  }
  return open;
}

/** Full years of age at an instant, by the day in Asia/Shanghai. */
export function agesAt(identities: ReadonlyMap<string, Identity>, at: Date): Ages {
  const today = dayInShanghai(at);
  return Object.fromEntries([...identities].map(([subject, { idNumber }]) => [subject, ageOn(idNumber, today)]));
}
