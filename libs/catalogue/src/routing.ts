import { counties, isWithin } from '@vouch/identity';
import type { ClaimType, Provider } from './types.js';

type Usable = (provider: Provider) => boolean;

// Parts of a region, by its code: cities of the province, counties of a city.
const partsByRegion = new Map<string, Set<string>>();
for (const county of counties) {
  for (const [whole, part] of [
    [county.city.slice(0, 2), county.city],
    [county.city, county.code],
  ] as const) {
    const parts = partsByRegion.get(whole) ?? new Set();
    partsByRegion.set(whole, parts.add(part));
  }
}

/**
 * Who must be asked for a claim; see `Catalogue.providersFor`. A region that lies across several providers counts as covered only when each
 * of its cities, or each county of such a city, has one.
 */
export function route(
  providers: readonly Provider[],
  claimType: ClaimType,
  parameters: Readonly<Record<string, unknown>>,
  requestRegion: string,
  usable: Usable = () => true,
): Provider[] {
  const ofAgency = providers.filter((provider) => provider.agency === claimType.agency);
  const regions = askedRegions(claimType, parameters, requestRegion);
  const [only] = regions;
  if (regions.length === 1 && only !== undefined) return cover(ofAgency, only, usable) ?? [];
  const chosen = new Set<Provider>();
  for (const region of regions) {
    const covering = cover(ofAgency, region, usable);
    if (!covering) return [];
    for (const provider of covering) chosen.add(provider);
  }
  return [...chosen];
}

function askedRegions(claimType: ClaimType, parameters: Readonly<Record<string, unknown>>, requestRegion: string): readonly string[] {
  const name = claimType.routing.regionParameter;
  const value = name === undefined ? undefined : parameters[name];
  const codes = (Array.isArray(value) ? value : [value]).filter((code): code is string => typeof code === 'string' && code !== '');
  return codes.length > 0 ? codes : [requestRegion];
}

/** Providers that together hold the whole region, or undefined when a part of it has none. */
function cover(providers: readonly Provider[], region: string, usable: Usable): Provider[] | undefined {
  const inside = providers.some((provider) => provider.regions.some((code) => code !== region && isWithin(code, region)));
  if (!inside) {
    const holder = mostSpecific(providers, region, usable);
    return holder && [holder];
  }
  // Some provider holds just a part, so each part is asked where it belongs.
  const chosen = new Set<Provider>();
  for (const part of partsByRegion.get(region) ?? []) {
    const covering = cover(providers, part, usable);
    if (!covering) return undefined;
    for (const provider of covering) chosen.add(provider);
  }
  return chosen.size > 0 ? [...chosen] : undefined;
}

function mostSpecific(providers: readonly Provider[], region: string, usable: Usable): Provider | undefined {
  let longest = 0;
  let candidates: Provider[] = [];
  for (const provider of providers) {
    for (const code of provider.regions) {
      if (!isWithin(region, code) || code.length < longest) continue;
      if (code.length > longest) candidates = [];
      longest = code.length;
      candidates.push(provider);
    }
  }
  return candidates.length === 1 ? candidates[0] : (candidates.find(usable) ?? candidates[0]);
}
