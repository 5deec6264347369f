import type { Check } from '../context.js';

/** Who is given something. */
interface Issued {
  readonly at: object;
  readonly zh: string;
  readonly en: string;
  readonly on: readonly string[];
}

/** Proofs and records that are each given on showing another, round in a circle. */
export const checkCircles: Check = ({ material, tell }) => {
  const nodes = new Map<string, Issued>();
  const titles = new Map(material.claimTexts.map(({ name, title }) => [name, title]));
  for (const relation of material.relations) {
    const title = titles.get(relation.claim);
    const [zh, en] = [title?.['zh-CN'] ?? relation.claim, title?.en ?? relation.claim];
    nodes.set(relation.claim, { at: relation, zh, en, on: relation.issuedOn ?? [] });
  }
  for (const proof of material.proofs) {
    nodes.set(proof.id, { at: proof, zh: proof.title['zh-CN'], en: proof.title.en, on: proof.issuedOn ?? [] });
  }

  const said = new Set<string>();
  for (const name of nodes.keys()) {
    const circle = shortestCircle(name, nodes);
    if (!circle) continue;
    const key = [...circle].sort().join(' ');
    if (said.has(key)) continue;
    said.add(key);
    const round = [...circle, name].map((one) => nodes.get(one));
    tell(
      'issue-circle',
      (nodes.get(name) as Issued).at,
      'issuedOn',
      `循环：${round.map((node) => node?.zh).join(' ← ')}`,
      `a circle: ${round.map((node) => node?.en).join(' ← ')} (each is given on showing the next)`,
    );
  }
};

/** Names from one back to itself, the last one left out. */
function shortestCircle(start: string, nodes: ReadonlyMap<string, Issued>): readonly string[] | undefined {
  const todo: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const path of todo) {
    for (const next of nodes.get(path.at(-1) as string)?.on ?? []) {
      if (next === start) return path;
      if (seen.has(next)) continue;
      seen.add(next);
      todo.push([...path, next]);
    }
  }
  return undefined;
}
