export { type CatalogueFiles, readCatalogueFiles, toWrittenCatalogue, type WrittenCatalogue } from './catalogue-files.js';
export { MAX_PARAMETERS_BYTES, PARAMETER_FAULTS } from './claim-type.js';
export { combineOutcomes } from './combine.js';
export type { CatalogueContent, CatalogueFile } from './content.js';
export type { AskedProof, ClaimRelation, Evidence, EvidenceNotice, Proof, Stronger } from './evidence/types.js';
export { type CatalogueFolder, type FolderOptions, openCatalogueFolder, type RefusedCatalogue } from './folder.js';
export { CatalogueError, type CatalogueOptions, loadCatalogue, restoreCatalogue } from './load.js';
export { providerVariables, toProviderAddresses } from './provider-addresses.js';
export { isSubjectKey, SUBJECT_KEYS, type SubjectKey } from './subjects.js';
export type {
  Agency,
  Catalogue,
  ClaimTemplate,
  ClaimType,
  ClientLimits,
  ClientRights,
  Combine,
  DisclosureKind,
  Outcome,
  Provider,
  Purpose,
  RequirementSet,
  Title,
} from './types.js';
