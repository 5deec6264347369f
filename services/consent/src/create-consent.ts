import type { Catalogues } from '@vouch/catalogue-versions';
import type { Keyring } from '@vouch/identity';
import type { ConsentServiceService, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import type { Port } from '@vouch/rpc';
import type { Store } from '@vouch/store';
import type { Logger } from '@vouch/telemetry';
import { createConsentApi } from './api.js';
import { createConfirmGuardian } from './guardianship.js';
import type { GuardianshipRegister } from './guardianship-register.js';
import { createGuardianshipStore } from './guardianship-store.js';
import { createRedemptionApi } from './redemption-api.js';
import { createRedemptionStore } from './redemption-store.js';
import { createConsentStore } from './store.js';
import { startSweeper, sweep } from './sweeper.js';
import type { ConsentTables } from './tables.js';

/** What the consent service is made of. */
export interface ConsentOptions {
  readonly store: Store<ConsentTables>;
  readonly keyring: Keyring;
  readonly catalogues: Catalogues;
  readonly register: GuardianshipRegister;
  readonly logger: Logger;
  /** Attempts to be confirmed as a guardian, per consent, person and hour; 5 unless said. */
  readonly guardianshipAttemptsPerHour?: number;
  /** Longest wait for the register, milliseconds; 5000 unless said. */
  readonly guardianshipTimeoutMs?: number;
  /** Called after each commit that has events: wakes the relay. */
  readonly committed?: () => void;
}

/** The service as ports. */
export interface ConsentService {
  readonly consent: Port<typeof ConsentServiceService>;
  readonly redemption: Port<typeof RedemptionServiceService>;
  /** Does once what time has made due. */
  sweep(): Promise<void>;
  /** Sweeps from now on, until disposed. */
  startSweeping(everyMs: number): AsyncDisposable;
}

/** Days that answers on a statutory duty are kept when the catalogue does not know the purpose. */
const FALLBACK_RETENTION_DAYS = 30;

/** The consent service over its store. No I/O of its own. */
export function createConsent(options: ConsentOptions): ConsentService {
  const { store, keyring, catalogues, register, logger, committed = () => undefined } = options;
  const consents = createConsentStore(store, keyring, committed);
  const guardianships = createGuardianshipStore(store, keyring, { perHour: options.guardianshipAttemptsPerHour ?? 5 }, committed);
  const timeoutMs = options.guardianshipTimeoutMs ?? 5000;
  const confirmGuardian = createConfirmGuardian({ register, store: guardianships, keyring, timeoutMs });
  const statutory = {
    rights: (platform: string) => catalogues.current.client(platform),
    retentionDays: (purpose: string) => catalogues.current.purpose(purpose)?.retentionDays ?? FALLBACK_RETENTION_DAYS,
  };
  return {
    consent: createConsentApi({ consents, guardianships, confirmGuardian, catalogues, keyring }),
    redemption: createRedemptionApi(createRedemptionStore({ store, keyring, statutory, committed }), logger),
    sweep: () => sweep(consents),
    startSweeping: (everyMs) => startSweeper({ consents, guardianships, logger, everyMs }),
  };
}
