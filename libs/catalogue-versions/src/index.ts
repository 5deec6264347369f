export {
  type CatalogueChange,
  type CatalogueVersions,
  type CatalogueVersionsOptions,
  createCatalogueVersions,
  MOST_PAST_CATALOGUES,
} from './catalogue-versions.js';
export { type CatalogueTables, catalogueMigration } from './tables.js';
