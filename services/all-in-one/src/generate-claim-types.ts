import { writeFile } from 'node:fs/promises';
import { describeAdapter } from '@vouch/adapter-sdk';
import { createPopulation } from '@vouch/population';
import { createHousingAdapter } from '@vouch/registry-housing';
import { createPoliceAdapter } from '@vouch/registry-police';
import { createSocialSecurityAdapter } from '@vouch/registry-social-security';
import { createTaxAdapter } from '@vouch/registry-tax';

// Writes what the catalogue knows of claim types out of the adapters, their only source. Sorted, so that the same adapters give the
// same file and a stale one shows as a difference.
const population = createPopulation({ families: 1 });
const adapters = [createPoliceAdapter, createHousingAdapter, createTaxAdapter, createSocialSecurityAdapter].map((create) =>
  create(population),
);
const claimTypes = adapters.flatMap(describeAdapter).sort((a, b) => (a.name < b.name ? -1 : 1));

await writeFile(
  new URL('../../../libs/catalogue/data/claim-types.generated.json', import.meta.url),
  `${JSON.stringify(claimTypes, null, 2)}\n`,
);
