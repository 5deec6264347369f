import type { Provider } from '@vouch/catalogue';
import type { ProviderClient } from '@vouch/provider-client';

/**
 * How an agency is seen from this process, as the best of its providers: `open`: it can be asked, `trial`: one question at a time, to see
 * whether it is back, `down`: it would not even be sent a question.
 */
export type AgencyState = 'open' | 'trial' | 'down';

/** How agencies are, as the provider clients see them. */
export interface AgencyHealth {
  /** `down` for an agency without a provider. */
  stateOf(agency: string): AgencyState;
  /** Epoch milliseconds at which more of it could be asked than before; 0 if never. */
  backAt(agency: string): number;
  /** Calls the listener each time that an agency comes back, for a trial or for good. Returns what ends it. */
  onBack(listener: (agency: string, state: AgencyState) => void): () => void;
}

const STATES = { up: 'open', connecting: 'open', trial: 'trial', down: 'down' } as const;

/** The health of the catalogue's agencies. Disposing lets go of the clients. */
export function createAgencyHealth(
  providers: readonly Pick<Provider, 'id' | 'agency'>[],
  clients: ReadonlyMap<string, Pick<ProviderClient, 'state' | 'onHealthy'>>,
): AgencyHealth & Disposable {
  const listeners = new Set<(agency: string, state: AgencyState) => void>();
  const backAt = new Map<string, number>();
  const stateOf = (agency: string): AgencyState => {
    const states = providers.filter((one) => one.agency === agency).map(({ id }) => STATES[clients.get(id)?.state ?? 'down']);
    return states.includes('open') ? 'open' : states.includes('trial') ? 'trial' : 'down';
  };
  const unlisten = providers.map(({ id, agency }) =>
    clients.get(id)?.onHealthy(() => {
      backAt.set(agency, Date.now());
      for (const listener of [...listeners]) listener(agency, stateOf(agency));
    }),
  );
  return {
    stateOf,
    backAt: (agency) => backAt.get(agency) ?? 0,
    onBack(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.dispose]() {
      for (const end of unlisten) end?.();
    },
  };
}
