/** What the catalogue grants a client; a part of its rights. */
export interface StatutoryRights {
  readonly purposes: readonly string[];
  readonly statutoryPurposes: readonly string[];
  /** Region codes; a longer code lies inside its prefix. */
  readonly regions: readonly string[];
  readonly claimTypes: readonly string[] | '*';
}

/** A lookup on a statutory duty. */
export interface StatutoryAsk {
  readonly purpose: string;
  readonly region: string;
  readonly claimTypes: readonly string[];
}

/** Whether the catalogue grants this client a statutory basis for this lookup. */
export function hasStatutoryBasis(rights: StatutoryRights | undefined, ask: StatutoryAsk): boolean {
  if (!rights) return false;
  const { claimTypes } = rights;
  return (
    rights.purposes.includes(ask.purpose) &&
    rights.statutoryPurposes.includes(ask.purpose) &&
    rights.regions.some((prefix) => ask.region.startsWith(prefix)) &&
    (claimTypes === '*' || ask.claimTypes.every((type) => claimTypes.includes(type)))
  );
}
