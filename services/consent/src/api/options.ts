import type { Catalogues } from '@vouch/catalogue-versions';
import type { Keyring } from '@vouch/identity';
import type { ConfirmGuardian } from '../guardianship.js';
import type { GuardianshipStore } from '../guardianship-store.js';
import type { ConsentStore } from '../store.js';

/** What the consent port needs. */
export interface ConsentApiOptions {
  readonly consents: ConsentStore;
  readonly guardianships: GuardianshipStore;
  readonly confirmGuardian: ConfirmGuardian;
  readonly catalogues: Catalogues;
  readonly keyring: Keyring;
}
