import { type Faults, readSource, type Source } from '../source.js';
import { pathsUnder, type Texts } from '../texts.js';
import type { Catalogue } from '../types.js';
import { noticeSchema, proofsSchema, relationsSchema } from './schema.js';
import type { ClaimRelation, Evidence, EvidenceNotice, Proof } from './types.js';

/** What the evidence speaks of: the rest of the catalogue, as far as that is needed. */
export type Spoken = Pick<Catalogue, 'claimTypes'> & {
  readonly requirementSets: readonly { readonly id: string }[];
};

/** The evidence, and the files that it was read from. */
export interface ReadEvidence {
  readonly evidence: Evidence;
  readonly sources: readonly Source<unknown>[];
}

/**
 * Reads what is known of papers and of how facts hang together, from a catalogue's files; what is wrong is added to the faults. Names are held against
 * the rest of the catalogue unless some of that could not be read: it would make them look wrong.
 */
export function readEvidence(texts: Texts, spoken: Spoken | undefined, faults: Faults): ReadEvidence {
  const proofs = texts.has('proofs.yaml') ? readSource(texts, 'proofs.yaml', proofsSchema, faults) : undefined;
  const relations = texts.has('claim-relations.yaml') ? readSource(texts, 'claim-relations.yaml', relationsSchema, faults) : undefined;
  const notices = pathsUnder(texts, 'evidence').map((file) => readSource(texts, file, noticeSchema, faults));
  const known = new Set(proofs?.data?.map(({ id }) => id));
  if (proofs?.data) checkProofs(proofs, known, faults);
  if (relations?.data && spoken) checkRelations(relations, spoken, known, faults);
  for (const notice of notices) if (notice.data && proofs?.data && spoken) checkNotice(notice, notice.data, spoken, known, faults);
  return {
    evidence: {
      proofs: proofs?.data ?? [],
      relations: relations?.data ?? [],
      notices: notices.flatMap(({ data }) => (data ? [data] : [])),
    },
    sources: [proofs, relations, ...notices].filter((source) => source !== undefined),
  };
}

const isClaimType = (name: string): boolean => name.includes('.');

function checkProofs(source: Source<readonly Proof[]>, known: ReadonlySet<string>, faults: Faults): void {
  for (const [index, proof] of (source.data ?? []).entries()) {
    if ((source.data ?? []).findIndex(({ id }) => id === proof.id) < index) {
      faults.push(source.at([index, 'id'], `${proof.id} is defined twice: give one of the two another id, or take it out`));
    }
    for (const field of ['issuedOn', 'coveredBy'] as const) {
      for (const [at, name] of (proof[field] ?? []).entries()) {
        if (!isClaimType(name) && !known.has(name))
          faults.push(source.at([index, field, at], `${proof.id}: there is no proof ${name}: name one of proofs.yaml, or add it there`));
      }
    }
    if (proof.licence && !known.has(proof.licence)) {
      faults.push(
        source.at([index, 'licence'], `${proof.id}: there is no proof ${proof.licence}: name one of proofs.yaml, or add it there`),
      );
    }
  }
}

function checkRelations(
  source: Source<readonly ClaimRelation[]>,
  { claimTypes }: Spoken,
  known: ReadonlySet<string>,
  faults: Faults,
): void {
  for (const [index, { claim, stronger, excludes = [], issuedOn = [] }] of (source.data ?? []).entries()) {
    const claimType = claimTypes.find(({ name }) => name === claim);
    if (!claimType) faults.push(source.at([index, 'claim'], `there is no claim type ${claim}: name one that an adapter defines`));
    for (const parameter of claimType ? Object.keys(stronger) : []) {
      const properties = claimTypes.filter(({ name }) => name === claim).map(({ parametersSchema }) => parametersSchema.properties ?? {});
      if (!properties.some((one) => parameter in (one as object))) {
        faults.push(source.at([index, 'stronger', parameter], `${claim} has no parameter ${parameter}: name one of its schema's`));
      }
    }
    for (const [at, name] of excludes.entries()) {
      if (!claimTypes.some((one) => one.name === name))
        faults.push(source.at([index, 'excludes', at], `there is no claim type ${name}: name one that an adapter defines`));
    }
    for (const [at, name] of issuedOn.entries()) {
      if (!isClaimType(name) && !known.has(name))
        faults.push(source.at([index, 'issuedOn', at], `${claim}: there is no proof ${name}: name one of proofs.yaml, or add it there`));
    }
  }
}

function checkNotice(
  source: Source<unknown>,
  { set, before, now = [] }: EvidenceNotice,
  { requirementSets }: Spoken,
  known: ReadonlySet<string>,
  faults: Faults,
): void {
  if (!requirementSets.some(({ id }) => id === set))
    faults.push(source.at(['set'], `there is no requirement set ${set}: name one of requirement-sets/`));
  for (const [at, { proof }] of (before?.proofs ?? []).entries()) {
    if (!known.has(proof))
      faults.push(source.at(['before', 'proofs', at, 'proof'], `there is no proof ${proof}: name one of proofs.yaml, or add it there`));
  }
  for (const [at, { proof }] of now.entries()) {
    if (!known.has(proof))
      faults.push(source.at(['now', at, 'proof'], `there is no proof ${proof}: name one of proofs.yaml, or add it there`));
  }
}
