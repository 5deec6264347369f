import fc from 'fast-check';
import { expect, it } from 'vitest';
import { both, type Constraints, either, type Formula, not } from '../src/reason/formula.js';
import { isSatisfiable } from '../src/reason/satisfiable.js';

const ATOMS = 5;
const anAtom = fc.nat({ max: ATOMS - 1 });

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    anAtom.map((atom): Formula => ({ kind: 'atom', atom })),
    fc.boolean().map((holds): Formula => ({ kind: 'constant', holds })),
    tie('formula').map(not),
    fc.array(tie('formula'), { maxLength: 3 }).map((of) => both(...of)),
    fc.array(tie('formula'), { maxLength: 3 }).map((of) => either(...of)),
    fc.tuple(fc.nat({ max: 3 }), fc.array(tie('formula'), { maxLength: 4 })).map(([count, of]): Formula => ({ kind: 'count', count, of })),
  ),
}));
const some = fc.array(fc.uniqueArray(anAtom, { maxLength: 2 }), { minLength: ATOMS, maxLength: ATOMS });
// An atom that excludes itself would be one that never holds, which no claim is.
const constraints = fc.record({ implies: some, excludes: some }).map(
  ({ implies, excludes }): Constraints => ({
    implies: implies.map((others, atom) => others.filter((other) => other !== atom)),
    excludes: excludes.map((others, atom) => others.filter((other) => other !== atom)),
  }),
);

function holds(one: Formula, world: readonly boolean[]): boolean {
  if (one.kind === 'atom') return world[one.atom] === true;
  if (one.kind === 'constant') return one.holds;
  if (one.kind === 'not') return !holds(one.of, world);
  return one.of.filter((part) => holds(part, world)).length >= one.count;
}

const allows = ({ implies, excludes }: Constraints, world: readonly boolean[]): boolean =>
  world.every(
    (is, atom) => !is || ((implies[atom] ?? []).every((other) => world[other]) && (excludes[atom] ?? []).every((other) => !world[other])),
  );

const WORLDS = Array.from({ length: 2 ** ATOMS }, (_, bits) =>
  Array.from({ length: ATOMS }, (_unused, atom) => (bits & (2 ** atom)) !== 0),
);

it('is what trying every world finds', () => {
  fc.assert(
    fc.property(formula, constraints, (one, among) => {
      const found = WORLDS.some((world) => allows(among, world) && holds(one, world));
      expect(isSatisfiable(one, among)).toBe(found);
    }),
    { numRuns: 2_000 },
  );
});

it('is left open when it takes too many steps', () => {
  // As many holes as pigeons less one: nothing short of trying it all finds out that they do not fit.
  const [pigeons, holes] = [11, 10];
  const sits = (pigeon: number, hole: number): Formula => ({ kind: 'atom', atom: pigeon * holes + hole });
  const index = (length: number) => [...Array(length).keys()];
  const seated = index(pigeons).map((pigeon) => either(...index(holes).map((hole) => sits(pigeon, hole))));
  const alone = index(holes).flatMap((hole) => index(pigeons).flatMap((a) => index(a).map((b) => not(both(sits(a, hole), sits(b, hole))))));
  const nothing = index(pigeons * holes).map(() => []);
  expect(isSatisfiable(both(...seated, ...alone), { implies: nothing, excludes: nothing })).toBeUndefined();
  expect(isSatisfiable(both(...seated.slice(1), ...alone), { implies: nothing, excludes: nothing })).toBe(true);
});
