import type { AskedProof, Evidence, EvidenceNotice, Proof } from '@vouch/catalogue';
import {
  type Condition,
  claimsOf,
  conditionsOf,
  entryYearsOf,
  isClaim,
  partsOf,
  partsOfAll,
  type RequirementSet,
  type Text,
  type WordsOf,
} from '@vouch/rules';
import { conditionText } from './condition-text.js';
import type { AskedPaper, EvidenceList, Fate, FormerPaper, Need, RegionLists, Supplier } from './evidence-list.js';
import { WORDS } from './words.js';

/** Of what the lists are made: parts of a catalogue. */
export interface ListParts {
  /** With what they inherit; none that is only for others to extend. */
  readonly sets: readonly RequirementSet[];
  readonly evidence: Evidence;
  readonly words: WordsOf;
  /** Why a claim type may be asked, wherever a rule has it. */
  readonly basisOf: (claimType: string) => Text | undefined;
}

/** The public lists of a catalogue. */
export interface EvidenceLists {
  /** Of a region; undefined when neither it nor a region around it has a requirement set. */
  of(region: string): RegionLists | undefined;
  /** Regions that have sets of their own. */
  readonly regions: readonly string[];
}

/** Makes lists out of a catalogue's parts, each when it is first asked for. */
export function createEvidenceLists(parts: ListParts): EvidenceLists {
  const made = new Map<string, readonly EvidenceList[]>();
  const regions = [...new Set(parts.sets.map(({ region }) => region))].sort();
  const listsOf = (region: string): readonly EvidenceList[] => {
    const known = made.get(region);
    if (known) return known;
    const lists = parts.sets
      .filter((set) => set.region === region)
      .sort((a, b) => Math.max(...entryYearsOf(b)) - Math.max(...entryYearsOf(a)) || (a.id < b.id ? -1 : 1))
      .map((set) => toList(set, parts));
    made.set(region, lists);
    return lists;
  };
  return {
    regions,
    of(region) {
      const nearest = regions.filter((one) => region.startsWith(one)).sort((a, b) => b.length - a.length)[0];
      return nearest === undefined ? undefined : { region, lists: listsOf(nearest) };
    },
  };
}

function toList(set: RequirementSet, parts: ListParts): EvidenceList {
  const notice = parts.evidence.notices.find((one) => one.set === set.id);
  const proofs = new Map(parts.evidence.proofs.map((proof) => [proof.id, proof]));
  const asked = new Set([...claimsOf(set)].map(({ type }) => type));
  if (set.age) asked.add('police.age-on');
  const listed = new Set((notice?.now ?? []).map(({ fact }) => fact));
  const looked = [...factsIn(set)].filter((fact) => !listed.has(fact));
  const now = (notice?.now ?? []).flatMap((item) => toAsked(item, proofs.get(item.proof)));
  return {
    set: set.id,
    title: set.title,
    region: set.region,
    entryYears: entryYearsOf(set),
    legalBasis: set.legalBasis,
    sources: set.sources ?? [],
    counts: {
      before: notice?.before && new Set(notice.before.proofs.map(({ proof }) => proof)).size,
      now: now.filter(({ fallback }) => !fallback).length,
      data: asked.size,
      looked: looked.length,
    },
    categories: (set.categories ?? []).map(({ id, title, when, legalBasis }) => ({
      id,
      title,
      needs: [
        // What all categories require has its basis outside of them.
        ...(set.requires ?? []).map((condition) => [condition, undefined] as const),
        ...([[when, legalBasis]] as const),
      ].flatMap(([condition, basis]) =>
        partsOfAll(condition, set).map((part) => toNeed(part, condition.legalBasis ?? basis, { set, notice, proofs, ...parts })),
      ),
    })),
    before: notice?.before && {
      sources: notice.before.sources,
      papers: notice.before.proofs.flatMap(({ proof }) => toFormer(proofs.get(proof), notice, asked, parts)),
    },
    now,
  };
}

/** What a need is made with. */
interface Around extends ListParts {
  readonly set: RequirementSet;
  readonly notice: EvidenceNotice | undefined;
  readonly proofs: ReadonlyMap<string, Proof>;
}

function toNeed(condition: Condition, around: Text | undefined, options: Around): Need {
  const { set, basisOf } = options;
  const used = 'use' in condition ? set.conditions?.[condition.use] : undefined;
  const own = condition.legalBasis ?? used?.legalBasis ?? around;
  const leaves = [...leavesOf(condition, set, [])];
  const ofClaims = leaves.flatMap((leaf) => (isClaim(leaf) ? [basisOf(leaf.type)] : [])).find((basis) => basis);
  const choice = used ?? condition;
  const alternatives = 'anyOf' in choice ? choice.anyOf : 'ladder' in choice ? choice.ladder : [];
  return {
    text: condition.title ?? used?.title ?? (alternatives.length > 0 ? WORDS.oneOf : conditionText(condition, options)),
    why: own ?? ofClaims ?? set.legalBasis,
    suppliers: distinct(leaves.map((leaf) => toSupplier(leaf, options))),
    oneOf: alternatives.map((alternative) => toNeed(alternative, own, options)),
  };
}

/** Questions and facts inside a condition, named conditions followed. */
function* leavesOf(condition: Condition, set: RequirementSet, above: readonly string[]): Generator<Condition> {
  if (isClaim(condition) || 'stated' in condition) yield condition;
  for (const part of partsOf(condition)) yield* leavesOf(part, set, above);
  const used = 'use' in condition && !above.includes(condition.use) ? set.conditions?.[condition.use] : undefined;
  if (used && 'use' in condition) yield* leavesOf(used, set, [...above, condition.use]);
}

function toSupplier(leaf: Condition, { set, words, notice, proofs }: Around): Supplier {
  if (isClaim(leaf)) return { by: 'data', claim: leaf.type, office: words({ type: leaf.type }).office };
  const stated = 'stated' in leaf ? leaf.stated : '';
  const paper = proofs.get(notice?.now?.find(({ fact }) => fact === stated)?.proof ?? '');
  if (paper) return { by: 'family', paper: paper.title, issuer: paper.issuer };
  const office = set.facts?.find(({ id }) => id === stated)?.office;
  return { by: 'person', office: office ?? { 'zh-CN': '学校', en: 'the school' } };
}

const distinct = (suppliers: readonly Supplier[]): readonly Supplier[] => [
  ...new Map(suppliers.map((supplier) => [JSON.stringify(supplier), supplier])).values(),
];

function factsIn(set: RequirementSet): ReadonlySet<string> {
  const named = new Set<Condition>(Object.values(set.conditions ?? {}));
  const leaves = [...conditionsOf(set)]
    .filter((condition) => !named.has(condition))
    .flatMap((condition) => [...leavesOf(condition, set, [])]);
  return new Set(leaves.flatMap((leaf) => ('stated' in leaf ? [leaf.stated] : [])));
}

function toAsked(item: AskedProof, proof: Proof | undefined): AskedPaper[] {
  if (!proof) return [];
  const { title, issuer, legalBasis } = proof;
  return [{ title, issuer, why: item.legalBasis ?? legalBasis, fallback: item.fallback ?? false, due: item.due ?? 'application' }];
}

function toFormer(proof: Proof | undefined, { now = [] }: EvidenceNotice, asked: ReadonlySet<string>, { words }: ListParts): FormerPaper[] {
  if (!proof) return [];
  const item = now.find((one) => one.proof === proof.id);
  const supplied = proof.proves.filter((name) => asked.has(name));
  const fate: Fate = item ? (item.fallback ? 'fallback' : 'asked') : supplied.length > 0 ? 'data' : 'dropped';
  return [{ title: proof.title, issuer: proof.issuer, fate, suppliedBy: supplied.map((type) => words({ type }).title) }];
}
