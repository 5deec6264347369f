import type { ErrorCode } from '@vouch/errors';
import type { EventDraft } from '@vouch/events';
import type { Keyring } from '@vouch/identity';
import { commitInOneGo, type Transaction } from '@vouch/store';
import type { TraceContext } from '@vouch/telemetry';
import type { LockedConsent } from './consent-rows.js';
import type { Consent } from './domain/consent.js';
import { type Redeem, type Redemption, redeem, renew } from './domain/redemption.js';
import type { StatutoryRights } from './domain/statutory-basis.js';
import { type AuditedPerson, redeemed } from './events.js';
import { isTaken, type RedemptionState, redemptionsInsert, redemptionsUpdate } from './redemption-rows.js';
import type { ConsentTables } from './tables.js';
import { type ConsentWrite, type CountedUse, consentWrites, usesUpdate } from './write-consents.js';

/** A redemption or a renewal that waits for its commit. */
export type RedemptionItem =
  | {
      readonly kind: 'redeem';
      readonly ask: Redeem;
      /** Reference for the agencies, should this be the first redemption of its verification. */
      readonly basisRef: string;
      readonly audited: readonly AuditedPerson[];
      readonly trace?: TraceContext | undefined;
    }
  | { readonly kind: 'renew'; readonly verificationId: string; readonly leaseMs: number; readonly trace?: TraceContext | undefined };

/** A lease, or the code of the rule against it. */
export type RedemptionResult =
  | { readonly kind: 'lease'; readonly redemption: Redemption; readonly repeated: boolean; readonly heldByAnother: boolean }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

/** What the catalogue says about a statutory duty. */
export interface StatutoryBasis {
  rights(platform: string): StatutoryRights | undefined;
  /** Days that answers are kept. */
  retentionDays(purpose: string): number;
}

/** Another process wrote the same verification id between two of our looks; the next look will see it. */
export class TakenError extends Error {
  override readonly name = 'TakenError';
}

/** Verification that an item is about. */
export const idOf = (item: RedemptionItem): string => (item.kind === 'redeem' ? item.ask.verificationId : item.verificationId);

/** What a batch has decided so far; later items of it see what earlier ones did. */
export class RedemptionBatch {
  readonly #locked: Map<string, LockedConsent>;
  readonly #states: Map<string, RedemptionState>;
  readonly #statutory: StatutoryBasis;
  readonly #now: Date;
  readonly #drafts: EventDraft[] = [];
  readonly #consents = new Map<string, { consent: Consent; spends: boolean; trace?: TraceContext | undefined }>();
  readonly #new = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(locked: Map<string, LockedConsent>, states: Map<string, RedemptionState>, statutory: StatutoryBasis, now: Date) {
    this.#locked = locked;
    this.#states = states;
    this.#statutory = statutory;
    this.#now = now;
  }

  decide(item: RedemptionItem): RedemptionResult {
    const id = idOf(item);
    const existing = this.#states.get(id)?.redemption;
    const basis = item.kind === 'redeem' ? item.ask : existing;
    const consent = basis?.consentId ? this.#consentOf(basis.consentId) : undefined;
    // Redeemed after we looked which consents to lock.
    if (item.kind === 'renew' && existing?.consentId && !consent) throw new TakenError();
    const circumstances = {
      consent,
      existing,
      rights: basis && this.#statutory.rights(basis.platform),
      statutoryRetentionDays: this.#statutory.retentionDays(basis?.purpose ?? ''),
      now: this.#now,
    };
    const verdict = item.kind === 'redeem' ? redeem(item.ask, circumstances) : renew(item.leaseMs, circumstances);
    switch (verdict.kind) {
      case 'refused':
        return verdict;
      case 'same':
        return { kind: 'lease', redemption: verdict.redemption, repeated: true, heldByAnother: true };
      case 'renewed':
        this.#record(verdict.redemption, [], item.trace);
        return { kind: 'lease', redemption: verdict.redemption, repeated: true, heldByAnother: false };
      case 'new': {
        const { ask, basisRef, audited } = item as RedemptionItem & { kind: 'redeem' };
        const redemption: Redemption = {
          verificationId: ask.verificationId,
          consentId: ask.consentId || undefined,
          platform: ask.platform,
          purpose: ask.purpose,
          region: ask.region,
          claimTypes: [...new Set(ask.parts.map((part) => part.claimType))],
          fingerprint: ask.fingerprint,
          basisRef,
          retentionDays: verdict.retentionDays,
          redeemedAt: this.#now,
          leaseEnd: verdict.leaseEnd,
        };
        this.#new.add(id);
        this.#record(redemption, audited, item.trace, verdict);
        return { kind: 'lease', redemption, repeated: false, heldByAnother: false };
      }
    }
  }

  /** Writes what was decided, and commits. */
  async commit(tx: Transaction<ConsentTables>, keyring: Keyring): Promise<void> {
    const stateOf = (id: string) => this.#states.get(id) as RedemptionState;
    const fresh = [...this.#new].map(stateOf);
    const renewed = [...this.#changed].filter((id) => !this.#new.has(id)).map(stateOf);
    const counted: CountedUse[] = [];
    const spent: ConsentWrite[] = [];
    for (const [id, { consent, spends, trace }] of this.#consents) {
      const { uses, lastLeaseEnd } = consent;
      const use = { uses, ...(lastLeaseEnd && { lastLeaseEnd }) };
      if (!spends) counted.push({ id, ...use });
      else
        spent.push({ locked: this.#locked.get(id) as LockedConsent, changes: [{ change: 'spent' }], actor: 'vouch', trace, counted: use });
    }
    const { statements } = consentWrites(keyring, spent, this.#now, this.#drafts);
    try {
      await commitInOneGo(tx, [...redemptionsInsert(fresh), ...redemptionsUpdate(renewed), ...usesUpdate(counted), ...statements]);
    } catch (failure) {
      throw isTaken(failure) ? new TakenError() : failure;
    }
  }

  #consentOf(id: string): Consent | undefined {
    return this.#consents.get(id)?.consent ?? this.#locked.get(id)?.consent;
  }

  /** Notes a redemption that was made or renewed; a `use` is counted on its consent, a renewal is none. */
  #record(redemption: Redemption, audited: readonly AuditedPerson[], trace: TraceContext | undefined, use?: { spends: boolean }): void {
    const id = redemption.verificationId;
    const auditSequence = (this.#states.get(id)?.auditSequence ?? 0) + 1;
    this.#states.set(id, { redemption, auditSequence });
    this.#changed.add(id);
    this.#drafts.push(redeemed(redemption, audited, { at: this.#now, sequence: auditSequence, trace }));
    const consent = redemption.consentId ? this.#consentOf(redemption.consentId) : undefined;
    if (!consent) return;
    const before = this.#consents.get(consent.id);
    const spends = (use?.spends ?? false) || (before?.spends ?? false);
    const changed: Consent = {
      ...consent,
      uses: use ? consent.uses + 1 : consent.uses,
      status: use?.spends ? 'spent' : consent.status,
      lastLeaseEnd: new Date(Math.max(consent.lastLeaseEnd?.getTime() ?? 0, redemption.leaseEnd.getTime())),
    };
    this.#consents.set(consent.id, { consent: changed, spends, trace: before?.trace ?? trace });
  }
}
