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
   * For several who come together: whether `admit` would let the next of them, who waits for these agencies, ask one now. Of those who wait for one
   * on trial it is the first.
   */
  mayAdmit(): (agencies: readonly string[]) => boolean;
  /**
   * Lets somebody ask one of these agencies, until it is released: any number while one is open, one at a time while one is on trial.
   * Undefined while all are down, or tried already.
   */
  admit(agencies: readonly string[]): (() => void) | undefined;
  /** Agencies on trial that nobody tries. */
  untried(): readonly string[];
  /** Epoch milliseconds at which more of it could be asked than before; 0 if never. */
  backAt(agency: string): number;
  /** Calls the listener each time that an agency comes back, for a trial or for good. Returns what ends it. */
  onBack(listener: (agency: string, state: AgencyState) => void): () => void;
}

const STATES = { up: 'open', connecting: 'open', trial: 'trial', down: 'down' } as const;

/** Agency health that follows the catalogue. Disposing lets go of the clients. */
export interface FollowedAgencies extends AgencyHealth, Disposable {
  /** The providers that there are from now on. */
  follow(providers: readonly Provider[]): void;
}

type Followed = Pick<ProviderClient, 'state' | 'onHealthy'>;

/** The health of agencies over the clients of their providers; none until some are followed. */
export function createAgencyHealth(clients: { of(provider: Provider): Followed }): FollowedAgencies {
  // By client: one whose provider stays the same goes on being listened to.
  let followed = new Map<Followed, { readonly agency: string; readonly unlisten: () => void }>();
  const listeners = new Set<(agency: string, state: AgencyState) => void>();
  const backAt = new Map<string, number>();
  // An agency without a provider is as good as down.
  const stateOf = (agency: string): AgencyState => {
    const states = [...followed].filter(([, one]) => one.agency === agency).map(([{ state }]) => STATES[state]);
    return states.includes('open') ? 'open' : states.includes('trial') ? 'trial' : 'down';
  };
  const tried = new Set<string>();
  const isOneOpen = (agencies: readonly string[]): boolean => agencies.some((agency) => stateOf(agency) === 'open');
  const freeTrial = (agencies: readonly string[], taken: ReadonlySet<string> = tried) =>
    agencies.find((agency) => stateOf(agency) === 'trial' && !taken.has(agency));
  const back = (agency: string): void => {
    backAt.set(agency, Date.now());
    for (const listener of [...listeners]) listener(agency, stateOf(agency));
  };

  return {
    follow(providers) {
      const before = followed;
      followed = new Map();
      for (const provider of providers) {
        const { agency } = provider;
        const client = clients.of(provider);
        followed.set(client, before.get(client) ?? { agency, unlisten: client.onHealthy(() => back(agency)) });
      }
      for (const [client, { unlisten }] of before) if (!followed.has(client)) unlisten();
    },
    mayAdmit() {
      const taken = new Set(tried);
      return (agencies) => {
        if (isOneOpen(agencies)) return true;
        const onTrial = freeTrial(agencies, taken);
        if (onTrial !== undefined) taken.add(onTrial);
        return onTrial !== undefined;
      };
    },
    admit(agencies) {
      if (isOneOpen(agencies)) return () => {};
      const onTrial = freeTrial(agencies);
      if (onTrial === undefined) return undefined;
      tried.add(onTrial);
      return () => void tried.delete(onTrial);
    },
    untried() {
      const known = new Set([...followed.values()].map(({ agency }) => agency));
      return [...known].filter((agency) => freeTrial([agency]) !== undefined);
    },
    backAt: (agency) => backAt.get(agency) ?? 0,
    onBack(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.dispose]() {
      for (const { unlisten } of followed.values()) unlisten();
      followed.clear();
    },
  };
}
