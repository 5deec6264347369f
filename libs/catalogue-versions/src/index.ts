export {
  type CatalogueChange,
  type CatalogueVersions,
  type CatalogueVersionsOptions,
  createCatalogueVersions,
  MOST_PAST_CATALOGUES,
} from './catalogue-versions.js';
export {
  type CatalogueStanding,
  type Catalogues,
  type CataloguesInEffect,
  type InEffectOptions,
  startCatalogues,
} from './in-effect.js';
export { type CatalogueTables, catalogueMigration } from './tables.js';
