import { createRandom, type Random } from '../random.js';
import type { LinkState } from '../system/proxy.js';
import { BROKER, DATABASE, type Fault, type PlannedFault, type Topology } from './fault.js';

type Maker = (random: Random, topology: Topology) => { readonly fault: Fault; readonly forMs: number };

const hubs = ({ processes }: Topology) => processes.filter((name) => !name.startsWith('registry-'));
const registries = ({ processes }: Topology) => processes.filter((name) => name.startsWith('registry-'));
/** A link of a kind that is drawn first: of those to registries there are many, of those to the database few. */
function pickLink(random: Random, { links }: Topology): string {
  const kinds = [/->postgres$/, /->kafka$/, /->registry-/, /->(consent|redemption|audit)-/, /^(grpc-)?clients->|->issuer$/];
  const kind = random.pick(kinds);
  return random.pick(links.filter((name) => kind.test(name)));
}
const link = (state: (random: Random) => LinkState, shortest: number, longest: number): Maker => {
  return (random, topology) => ({
    fault: { kind: 'link', link: pickLink(random, topology), state: state(random) },
    forMs: random.between(shortest, longest),
  });
};

const agency = (shortest: number, longest: number): Maker => {
  return (random, { agencies }) => ({
    fault: { kind: 'agency', agency: random.pick(agencies), fault: random.pick(['hang', 'errors']) },
    forMs: random.between(shortest, longest),
  });
};

/** One hand of cards: every kind of fault, the likelier ones more often. Dealt out whole before it is shuffled anew. */
const DECK: readonly Maker[] = [
  ...Array<Maker>(4).fill((random, topology) => ({ fault: { kind: 'kill', process: random.pick(hubs(topology)) }, forMs: 0 })),
  (random, topology) => ({ fault: { kind: 'kill', process: random.pick(registries(topology)) }, forMs: 0 }),
  (random) => ({ fault: { kind: 'kill-broker' }, forMs: random.between(0, 4_000) }),
  (random) => ({ fault: { kind: 'kill-database' }, forMs: random.between(0, 2_500) }),
  () => ({ fault: { kind: 'kill-all' }, forMs: 0 }),
  // None at all, in the middle of a page or of a file, and near the end of a segment of the write-ahead log.
  (random) => ({
    fault: { kind: 'disk', server: random.pick([BROKER, DATABASE]), limitBytes: random.pick([0, 20_000, 600_000, 12_000_000]) },
    forMs: random.between(500, 3_000),
  }),
  // Shorter and longer than a relay's lease (6 s), a lookup's lease (10 s at most) and a consumer's session.
  ...Array<Maker>(2).fill((random, topology) => ({
    fault: { kind: 'pause', process: random.pick(hubs(topology)) },
    forMs: random.pick([1_500, 4_000, 8_000, 13_000]),
  })),
  (random, topology) => ({ fault: { kind: 'pause', process: random.pick(registries(topology)) }, forMs: random.between(1_500, 9_000) }),
  (random) => ({ fault: { kind: 'pause', process: random.pick([BROKER, DATABASE]) }, forMs: random.between(800, 6_000) }),
  ...Array<Maker>(4).fill(link(() => ({ kind: 'cut' }), 200, 5_000)),
  ...Array<Maker>(3).fill(link((random) => ({ kind: 'silent', way: random.pick(['there', 'back', 'both']) }), 1_000, 9_000)),
  ...Array<Maker>(2).fill(link(() => ({ kind: 'stale' }), 4_000, 20_000)),
  ...Array<Maker>(2).fill(link((random) => ({ kind: 'slow', delayMs: random.between(20, 400) }), 2_000, 8_000)),
  ...Array<Maker>(2).fill((random, topology) => ({
    fault: { kind: 'clock', process: random.pick(hubs(topology)), stepMs: random.pick([-1_000, -600, 600, 1_000]) },
    forMs: random.between(2_000, 12_000),
  })),
  ...Array<Maker>(2).fill(agency(2_000, 9_000)),
  // Long enough that what asked is parked, and that some of it is closed.
  agency(8_000, 20_000),
];

// Time to start again, without which nothing else that is broken would matter.
const AFTER_ALL_MS = 8_000;
const SHORTEST_GAP_MS = 700;
const LONGEST_GAP_MS = 4_200;
const BREATH_EVERY_MS = 40_000;
const BREATH_MS = 6_000;

/** The schedule of a seed: the same each time. Faults overlap; now and then there is room to breathe. All are over at `durationMs`. */
export function planFaults(seed: number, durationMs: number, topology: Topology): PlannedFault[] {
  const random = createRandom(seed, 'faults');
  const plan: PlannedFault[] = [];
  let deck: Maker[] = [];
  let breathAt = BREATH_EVERY_MS;
  for (let atMs = 1_000; atMs < durationMs; atMs += random.between(SHORTEST_GAP_MS, LONGEST_GAP_MS)) {
    if (atMs >= breathAt) {
      atMs += BREATH_MS;
      breathAt += BREATH_EVERY_MS;
      continue;
    }
    if (deck.length === 0) deck = random.shuffle(DECK);
    const { fault, forMs } = (deck.pop() as Maker)(random, topology);
    plan.push({ atMs, forMs: Math.min(forMs, durationMs - atMs), fault });
    if (fault.kind === 'kill-all') atMs += AFTER_ALL_MS;
  }
  return plan;
}
