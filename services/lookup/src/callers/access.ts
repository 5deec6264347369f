import type { Catalogue, ClientRights } from '@vouch/catalogue';
import { TerminalError } from '@vouch/errors';
import { isWithin } from '@vouch/identity';

/** What a platform wants to ask, or has asked. */
export interface Asked {
  readonly purpose: string;
  /** County; undefined for what has none, such as a consent. */
  readonly region?: string;
  readonly claimTypes: readonly string[];
}

/** The rights of a client, read anew each time. Throws `client_unknown`. */
export function rightsOf(catalogue: Catalogue, clientId: string): ClientRights {
  const rights = catalogue.client(clientId);
  if (!rights) throw new TerminalError('client_unknown');
  return rights;
}

/** Throws what stands against it: `purpose_not_allowed`, `region_not_allowed` or `claim_type_not_allowed`. */
export function assertMayAsk(rights: ClientRights, { purpose, region, claimTypes }: Asked): void {
  if (!rights.purposes.includes(purpose)) throw new TerminalError('purpose_not_allowed');
  if (region !== undefined && !rights.regions.some((outer) => isWithin(region, outer))) throw new TerminalError('region_not_allowed');
  const { claimTypes: allowed } = rights;
  if (allowed !== '*' && claimTypes.some((name) => !allowed.includes(name))) throw new TerminalError('claim_type_not_allowed');
}
