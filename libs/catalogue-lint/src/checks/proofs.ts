import type { AskedProof, EvidenceNotice, Proof } from '@vouch/catalogue';
import type { RequirementSet } from '@vouch/rules';
import type { Check, Context } from '../context.js';

/** One paper that a county asks for. */
interface Asked {
  readonly item: AskedProof;
  readonly proof: Proof;
  readonly notice: EvidenceNotice;
  readonly set: RequirementSet;
}

/** The papers that counties still ask for, against the Ministry of Justice's six tests of 2018 and what has been done away with since. */
export const checkProofs: Check = (context) => {
  const proofs = new Map(context.material.proofs.map((proof) => [proof.id, proof]));
  for (const notice of context.material.notices) {
    const set = context.sets.find(({ own }) => own.id === notice.set)?.set;
    const asked = (notice.now ?? []).flatMap((item): Asked[] => {
      const proof = proofs.get(item.proof);
      return set && proof ? [{ item, proof, notice, set }] : [];
    });
    for (const one of asked) {
      testList(one, context);
      testBasis(one, context);
      testSubstitutes(one, proofs, context);
      testIssuer(one, context);
      testData(one, context);
    }
    for (const [index, one] of asked.entries()) testRepeated(one, asked, index, context);
  }
};

function testList({ item, set }: Asked, { tell }: Context): void {
  if (item.fact !== undefined && !set.facts?.some(({ id }) => id === item.fact)) {
    tell('list-outdated', item, 'fact', `${set.id} 没有事实 ${item.fact}`, `${set.id} has no fact ${item.fact}`);
  }
  for (const category of item.categories ?? []) {
    if (set.categories?.some(({ id }) => id === category)) continue;
    tell('list-outdated', item, 'categories', `${set.id} 没有类别 ${category}`, `${set.id} has no category ${category}`);
  }
}

function testBasis({ item, proof }: Asked, { tell }: Context): void {
  if (proof.withdrawn) {
    const { by, on } = proof.withdrawn;
    tell(
      'proof-withdrawn',
      item,
      'proof',
      `“${proof.title['zh-CN']}”已由${by['zh-CN']}（${on}）取消`,
      `"${proof.title.en}" was done away with by ${by.en} (${on})`,
      item.known,
    );
  } else if (!proof.legalBasis && !item.legalBasis) {
    tell(
      'proof-without-basis',
      item,
      'proof',
      `“${proof.title['zh-CN']}”没有依据`,
      `nothing lets "${proof.title.en}" be asked for`,
      item.known,
    );
  }
}

function testSubstitutes({ item, proof }: Asked, proofs: ReadonlyMap<string, Proof>, { tell }: Context): void {
  const licence = proof.licence === undefined ? undefined : proofs.get(proof.licence);
  if (licence) {
    tell(
      'proof-shown-by-licence',
      item,
      'proof',
      `“${licence.title['zh-CN']}”已能证明“${proof.title['zh-CN']}”的内容`,
      `"${licence.title.en}" shows what "${proof.title.en}" says`,
      item.known,
    );
  }
  if (proof.promiseWouldDo) {
    tell(
      'proof-promise-would-do',
      item,
      'proof',
      `“${proof.title['zh-CN']}”可以由家长书面承诺`,
      `a family can promise in writing what "${proof.title.en}" says`,
      item.known,
    );
  }
}

function testIssuer({ item, proof }: Asked, { tell }: Context): void {
  if (proof.cannotInvestigate) {
    tell(
      'proof-uncertifiable',
      item,
      'proof',
      `${proof.issuer['zh-CN']}无法查证“${proof.title['zh-CN']}”的内容`,
      `${proof.issuer.en} cannot find out whether "${proof.title.en}" is true`,
      item.known,
    );
  }
  if (proof.mayFollow && item.due !== 'after-entry') {
    tell(
      'proof-too-early',
      item,
      'proof',
      `按${proof.mayFollow['zh-CN']}，“${proof.title['zh-CN']}”可在开学后补交`,
      `by ${proof.mayFollow.en}, "${proof.title.en}" may follow after term starts`,
      item.known,
    );
  }
}

/** A network check can do it: every thing that the paper shows is a claim type that somebody answers in the region. */
function testData({ item, proof, set }: Asked, { tell, answered }: Context): void {
  if (item.fallback || proof.proves.length === 0 || !proof.proves.every((shown) => answered(shown, set.region))) return;
  const names = proof.proves.join(', ');
  tell(
    'data-could-supply',
    item,
    'proof',
    `“${proof.title['zh-CN']}”可由 ${names} 核验`,
    `"${proof.title.en}" can be checked by ${names}`,
    item.known,
  );
}

function testRepeated({ item, proof }: Asked, asked: readonly Asked[], index: number, { tell }: Context): void {
  if (item.fallback || proof.proves.length === 0) return;
  const covers = (other: Asked, at: number): boolean => {
    if (at === index || other.item.fallback) return false;
    if (proof.coveredBy?.includes(other.proof.id)) return true;
    const shown = proof.proves.every((name) => other.proof.proves.includes(name));
    // Of two that show the same the later one is too many.
    return shown && (other.proof.proves.length > proof.proves.length || at < index);
  };
  const other = asked.find(covers)?.proof;
  if (!other) return;
  tell(
    'proof-repeated',
    item,
    'proof',
    `“${proof.title['zh-CN']}”所证明的，“${other.title['zh-CN']}”已经证明`,
    `"${proof.title.en}" shows what "${other.title.en}" shows already`,
    item.known,
  );
}
