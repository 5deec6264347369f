import { claimKey } from './description.js';
import type { ExpectedClaimType } from './types.js';

/** What may be disclosed by claim type key, as the list of claim types says last; one that it has no more stays as it was. */
export function createExpectations(
  claimTypes: () => readonly ExpectedClaimType[],
): (key: string) => ExpectedClaimType['disclosures'] | undefined {
  const byKey = new Map<string, ExpectedClaimType['disclosures']>();
  let read: readonly ExpectedClaimType[] | undefined;
  return (key) => {
    const now = claimTypes();
    if (now !== read) {
      for (const { name, version, disclosures } of now) byKey.set(claimKey(name, version), disclosures);
      read = now;
    }
    return byKey.get(key);
  };
}
