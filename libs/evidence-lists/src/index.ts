export { createEvidenceLists, type EvidenceLists, type ListParts } from './create-evidence-lists.js';
export type { AskedPaper, EvidenceList, Fate, FormerPaper, Need, RegionLists, Supplier } from './evidence-list.js';
export { toMarkdown } from './markdown.js';
export { PAGE_STYLE, toPage } from './page.js';
export type { Language } from './words.js';
