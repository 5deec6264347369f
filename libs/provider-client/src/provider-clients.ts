import type { Logger, Tracer } from '@vouch/telemetry';
import type { DayCounts } from './day-count.js';
import { createProviderClient } from './provider-client.js';
import type { DayQuota } from './quota.js';
import type { ExpectedClaimType, ProviderClient } from './types.js';

/** A provider of the catalogue. */
export interface KnownProvider {
  readonly id: string;
  readonly agency: string;
  /** `host:port`. */
  readonly address: string;
  readonly regions: readonly string[];
}

/** What the clients are held to. */
export interface KnownCatalogue {
  readonly providers: readonly KnownProvider[];
  readonly claimTypes: readonly ExpectedClaimType[];
}

/** One client a provider, for all that ask in this process, while the catalogue changes. */
export interface ProviderClients extends AsyncDisposable {
  /** The client of a provider, opened when it is first asked for. */
  of(provider: KnownProvider): ProviderClient;
  /**
   * The catalogue from now on: its providers' clients stay as they are, and are held to its claim types; the others' are closed no
   * lookup that began before can need them any more. Opens none.
   */
  keep(catalogue: KnownCatalogue): void;
  /**
   * Where those that are opened from now on count what they ask in a day, together with other processes, now and later. `share`: the part of
   * a quota a day that all who count there have, above 0 and up to 1.
   */
  countIn(dayCounts: DayCounts, share: number): void;
}

/** What the clients have in common. */
export interface ProviderClientsOptions {
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** Name of the calling service. */
  readonly caller: string;
  /** See `ProviderClientOptions.quotaShare`. */
  readonly quotaShare?: number;
  /** How long after `keep` the others' clients are closed, milliseconds; 15000 unless said. */
  readonly closeAfterMs?: number;
}

interface Entry {
  /** As the catalogue has it now: its regions may change. */
  provider: KnownProvider;
  readonly client: ProviderClient;
  closing: NodeJS.Timeout | undefined;
}

// A lookup has ten seconds at most, and its basis a lease as long.
const CLOSE_AFTER_MS = 15_000;

/** Clients of providers. None is opened yet. */
export function createProviderClients(options: ProviderClientsOptions): ProviderClients {
  const { closeAfterMs = CLOSE_AFTER_MS, ...common } = options;
  const entries = new Map<string, Entry>();
  const closings = new Set<Promise<unknown>>();
  let claimTypes: KnownCatalogue['claimTypes'] = [];
  let dayQuotaOf: (provider: string) => DayQuota | undefined = () => undefined;
  const catalogue = {
    get claimTypes() {
      return claimTypes;
    },
  };

  function open(provider: KnownProvider): Entry {
    const { id, agency, address } = provider;
    const client = createProviderClient({
      ...common,
      id,
      agency,
      address,
      catalogue,
      dayQuota: dayQuotaOf(id),
      get regions() {
        return entry.provider.regions;
      },
    });
    const entry: Entry = { provider, client, closing: undefined };
    entries.set(keyOf(provider), entry);
    return entry;
  }

  function close(key: string, { client }: Entry): void {
    entries.delete(key);
    const closed = Promise.resolve(client[Symbol.asyncDispose]()).finally(() => closings.delete(closed));
    closings.add(closed);
  }

  return {
    of: (provider) => (entries.get(keyOf(provider)) ?? open(provider)).client,
    keep({ providers, ...other }) {
      claimTypes = other.claimTypes;
      const kept = new Set(providers.map(keyOf));
      for (const [key, entry] of entries) {
        if (!kept.has(key)) entry.closing ??= setTimeout(() => close(key, entry), closeAfterMs).unref();
      }
      for (const provider of providers) {
        const entry = entries.get(keyOf(provider));
        if (!entry) continue;
        clearTimeout(entry.closing);
        entry.closing = undefined;
        entry.provider = provider;
      }
    },
    countIn(dayCounts, share) {
      dayQuotaOf = (provider) => ({ count: dayCounts.of(provider), share });
    },
    async [Symbol.asyncDispose]() {
      for (const [key, entry] of [...entries]) {
        clearTimeout(entry.closing);
        close(key, entry);
      }
      await Promise.all(closings);
    },
  };
}

// At another address it is another endpoint, with a quota and a breaker of its own.
const keyOf = ({ id, agency, address }: KnownProvider): string => `${id}\n${agency}\n${address}`;
