import { randomUUID } from 'node:crypto';
import { toVouchError } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import type { CallContext } from '@vouch/rpc';
import { type Ages, guardianKeyOf } from './domain/who-may-decide.js';
import type { AuditedPerson } from './events.js';
import { GUARDIAN_OF, type GuardianshipFinding, type GuardianshipRegister } from './guardianship-register.js';
import type { GuardianshipStore } from './guardianship-store.js';
import type { Identity } from './identities.js';
import type { SignedIn } from './read-requests.js';
import type { ReadConsent } from './store.js';
import { toActor } from './view.js';

/** What confirming guardians needs. */
export interface GuardianshipOptions {
  readonly register: GuardianshipRegister;
  readonly store: GuardianshipStore;
  readonly keyring: Keyring;
  /** Longest wait for the register, milliseconds. */
  readonly timeoutMs: number;
}

/** What a signed-in person wants to be confirmed. */
export interface GuardianshipClaim {
  readonly found: ReadConsent;
  readonly identities: ReadonlyMap<string, Identity>;
  readonly ages: Ages;
  readonly viewer: SignedIn;
  /** Subject keys of children under 14. */
  readonly children: readonly string[];
}

/** Time kept back from the caller's deadline for what follows the register's answer, milliseconds. */
const ANSWER_MS = 250;

/** Confirms that a person is the guardian of each child. */
export type ConfirmGuardian = (claim: GuardianshipClaim, call: CallContext) => Promise<ReadonlySet<string>>;

/**
 * Asks the register, once per child, after the attempt was counted. Throws `rate_limited`, `not_guardian`, or `guardianship_unknown`
 * when the register cannot say: never a confirmation by default, and an attempt that does not count. Whatever it says is audited; the platform hears nothing.
 */
export function createConfirmGuardian({ register, store, keyring, timeoutMs }: GuardianshipOptions): ConfirmGuardian {
  return async ({ found, identities, ages, viewer, children }, call) => {
    if (children.length === 0) return new Set();
    const { consent } = found;
    const guardianKey = guardianKeyOf(consent, ages, viewer);
    const guardian = guardianKey && identities.get(guardianKey);
    if (!guardianKey || !guardian) throw toVouchError('part_not_yours');
    const tooMany = await store.attempt(consent.id, viewer.pseudonyms);
    if (tooMany) throw toVouchError('rate_limited', { retryAfterMs: tooMany.waitMs });

    const callEnd = (call.deadline?.getTime() ?? Number.POSITIVE_INFINITY) - ANSWER_MS;
    const deadline = new Date(Math.min(Date.now() + timeoutMs, callEnd));
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(Math.max(0, deadline.getTime() - Date.now()))]);
    const check = async (key: string): Promise<GuardianshipFinding> => {
      const child = identities.get(key);
      const named = found.persons.find((person) => person.subject === key);
      if (!child || !named) return 'not_guardian';
      const query = {
        child,
        guardian,
        platform: consent.platform,
        purpose: consent.purpose,
        actorRef: viewer.actorRef,
        basisRef: randomUUID(),
      };
      const finding = await register
        .check(query, { signal, deadline, ...(call.trace && { trace: call.trace }) })
        .catch(() => 'unknown' as const);
      const auditPseudonyms = keyring.pseudonyms('audit', child.idNumber);
      await store.record({
        consentId: consent.id,
        viewer: viewer.pseudonyms,
        child: { pseudonym: named.pseudonym, auditPseudonyms },
        finding,
        audited: [audited(key, auditPseudonyms[0]), audited(guardianKey, keyring.pseudonym('audit', guardian.idNumber))],
        actor: toActor(viewer.actorRef),
        trace: call.trace,
      });
      return finding;
    };

    const findings = await Promise.all(children.map(check));
    if (findings.includes('not_guardian')) throw toVouchError('not_guardian');
    if (findings.includes('unknown')) {
      await store.takeBack(consent.id, viewer.pseudonyms);
      throw toVouchError('guardianship_unknown', { retryAfterMs: 5000 });
    }
    return new Set(children);
  };
}

const audited = (subject: string, pseudonym: string | undefined): AuditedPerson => ({
  subject,
  pseudonym: pseudonym ?? '',
  claimTypes: [GUARDIAN_OF],
});
