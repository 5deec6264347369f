import type { Planted } from './planted.js';

const NOTICE = 'evidence/370102-primary-2026.yaml';

/** What can be wrong with proofs, relations and evidence. */
export const evidence: readonly Planted[] = [
  {
    kind: 'a proof twice',
    file: 'proofs.yaml',
    from: '- id: birth-certificate',
    to: '- id: household-book',
    told: 'household-book is defined twice',
    remedy: 'another id',
  },
  {
    kind: 'a proof issued on none',
    file: 'proofs.yaml',
    from: 'issuedOn: [household-book]',
    to: 'issuedOn: [family-tree]',
    told: 'kinship-letter: there is no proof family-tree',
    remedy: 'name one of proofs.yaml',
  },
  {
    kind: 'a certificate that is none',
    file: 'proofs.yaml',
    from: 'licence: household-book',
    to: 'licence: passport',
    told: 'kinship-letter: there is no proof passport',
    remedy: 'add it there',
  },
  {
    kind: 'a relation of no claim type',
    file: 'claim-relations.yaml',
    from: '- claim: police.guardian-of',
    to: '- claim: police.uncle-of',
    told: 'there is no claim type police.uncle-of',
    remedy: 'name one that an adapter defines',
  },
  {
    kind: 'a relation by no parameter',
    file: 'claim-relations.yaml',
    from: 'stronger: { region: inside, since',
    to: 'stronger: { place: inside, since',
    told: 'has no parameter place',
    remedy: 'one of its schema',
  },
  {
    kind: 'a relation to no claim type',
    file: 'claim-relations.yaml',
    from: 'excludes: [housing.owns-home]',
    to: 'excludes: [housing.owns-hut]',
    told: 'there is no claim type housing.owns-hut',
    remedy: 'name one that an adapter defines',
  },
  {
    kind: 'evidence of no set',
    file: NOTICE,
    from: 'set: 370102/primary/2026',
    to: 'set: 370102/primary/1999',
    told: 'there is no requirement set 370102/primary/1999',
    remedy: 'name one of requirement-sets/',
  },
  {
    kind: 'evidence by no proof',
    file: NOTICE,
    from: 'proof: title-deed',
    to: 'proof: castle-deed',
    told: 'there is no proof castle-deed',
    remedy: 'name one of proofs.yaml',
  },
  {
    kind: 'evidence without a grade',
    file: NOTICE,
    from: 'grade: third-party',
    to: 'grade: gossip',
    told: 'expected one of',
    remedy: 'write one of those',
  },
];
