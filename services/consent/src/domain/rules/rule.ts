import type { ErrorCode } from '@vouch/errors';
import type { Consent, Part } from '../consent.js';

/** What a lookup asks of a consent. */
export interface Ask {
  readonly platform: string;
  readonly purpose: string;
  /** Parts that the lookup touches, by the lookup's own subject keys. */
  readonly parts: readonly Part[];
  /** Consent pseudonyms of the lookup's persons, by the lookup's subject keys. */
  readonly persons: Readonly<Record<string, readonly string[]>>;
  /** False when this verification's use has been counted before: a repeat, or a renewal. */
  readonly counts: boolean;
}

/** One rule of redemption: the code of the refusal when it stands against the ask, else nothing. */
export type Rule = (consent: Consent, ask: Ask, now: Date) => ErrorCode | undefined;
