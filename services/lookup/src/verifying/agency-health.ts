import type { Provider } from '@vouch/catalogue';
import type { ProviderClient } from '@vouch/provider-client';

/**
 * How an agency is seen from this process, as the best of its providers: `open`: it can be asked, `trial`: one question at a time, to see
 * whether it is back, `down`: it would not even be sent a question.
 */
export type AgencyState = 'open' | 'trial' | 'down';

/** How agencies are, as the provider clients see them. */
export interface AgencyHealth {
  /**
   * Lets somebody ask one of these agencies, until it is released: any number while one is open, one at a time while one is on trial.
   * Undefined while all are down, or tried already.
   */
  admit(agencies: readonly string[]): (() => void) | undefined;
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
  // An agency without a provider is as good as down.
  const stateOf = (agency: string): AgencyState => {
    const states = providers.filter((one) => one.agency === agency).map(({ id }) => STATES[clients.get(id)?.state ?? 'down']);
    return states.includes('open') ? 'open' : states.includes('trial') ? 'trial' : 'down';
  };
  const tried = new Set<string>();
  const unlisten = providers.map(({ id, agency }) =>
    clients.get(id)?.onHealthy(() => {
      backAt.set(agency, Date.now());
      for (const listener of [...listeners]) listener(agency, stateOf(agency));
    }),
  );
  return {
    admit(agencies) {
      if (agencies.some((agency) => stateOf(agency) === 'open')) return () => {};
      const onTrial = agencies.find((agency) => stateOf(agency) === 'trial' && !tried.has(agency));
      if (onTrial === undefined) return undefined;
      tried.add(onTrial);
      return () => void tried.delete(onTrial);
    },
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
