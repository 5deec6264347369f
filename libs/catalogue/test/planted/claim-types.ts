import type { Planted } from './planted.js';

const TYPES = 'claim-types.generated.json';

/** What can be wrong with claim types and what people read of them. */
export const claimTypes: readonly Planted[] = [
  {
    kind: 'a claim type of another agency',
    file: TYPES,
    from: '"name": "housing.handed-over"',
    to: '"name": "tax.handed-over"',
    told: 'must begin with its agency, housing',
    remedy: 'rename it',
  },
  {
    kind: 'a schema that is none',
    file: TYPES,
    from: '"type": "object"',
    to: '"type": "thing"',
    at: '',
    told: 'housing.handed-over: ',
    remedy: 'write a JSON Schema of draft 2020-12',
  },
  {
    kind: 'an unknown kind of disclosure',
    file: TYPES,
    from: '"since": "date"',
    to: '"since": "picture"',
    told: 'expected one of',
    remedy: 'write one of those',
  },
  {
    kind: 'words for no claim type',
    file: 'claim-types.yaml',
    from: 'name: police.residence-permit',
    to: 'name: police.work-permit',
    told: 'there is no claim type police.work-permit',
    remedy: 'take the text out',
  },
  {
    kind: 'words twice',
    file: 'claim-types.yaml',
    from: 'name: police.household-registered',
    to: 'name: police.guardian-of',
    told: 'police.guardian-of is defined twice',
    remedy: 'keep one of the two',
  },
];
