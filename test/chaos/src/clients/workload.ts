import { setTimeout as delay } from 'node:timers/promises';
import type { DemoFile } from '@vouch/showcase';
import type { History } from '../history.js';
import { createRandom } from '../random.js';
import type { Edge } from '../system/start-system.js';
import { createApi, type KnownConsent, type KnownVerification, type Lookup } from './api.js';
import { createBatchApi } from './batch-api.js';
import { createBatchSteps } from './batch-steps.js';
import type { Outcome } from './call.js';
import type { Tokens } from './tokens.js';
import { remember, type Step, type StepParts, type World } from './world.js';

/** Clients at work until they are told to stop. */
export interface Workload {
  /** Resolves when every client has finished what it was at. */
  stop(): Promise<void>;
}

const MOST_TRIES = 8;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 800;
const LONGEST_WAIT_S = 5;

/** Starts clients. What they decide is fixed by the seed; what they meet is not. */
export function startWorkload(options: {
  readonly seed: number;
  readonly clients: number;
  readonly demo: DemoFile;
  readonly edges: readonly Edge[];
  readonly history: History;
  readonly tokens: Tokens;
}): Workload {
  const { seed, clients, demo, edges, history, tokens } = options;
  const world: World = { consents: [], lookups: [], verifications: [], batches: [] };
  const stopping = new AbortController();
  const running = Array.from({ length: clients }, async (_, index) => {
    const name = `client-${index + 1}`;
    const random = createRandom(seed, name);
    const options = { name, demo, history, tokens };
    let keys = 0;
    /** At any edge. */
    async function insist(attempt: () => Promise<Outcome>, mostTries = MOST_TRIES): Promise<Outcome> {
      for (let tries = 1; ; tries += 1) {
        const outcome = await attempt();
        if (outcome.phase !== 'unknown' || tries === mostTries || stopping.signal.aborted) return outcome;
        await delay(random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
      }
    }
    const client = createClient({
      api: createApi(options),
      batches: createBatchApi(options),
      random,
      demo,
      world,
      stopping: stopping.signal,
      edge: () => random.pick(edges),
      nextKey: () => `${seed}-${name}-${++keys}`,
      insist,
    });
    while (!stopping.signal.aborted) {
      await client.step();
      await delay(random.between(10, 120));
    }
  });
  const over = Promise.all(running);
  // What goes wrong in a client itself is told by `stop`.
  over.catch(() => undefined);
  return {
    async stop() {
      stopping.abort();
      await over;
    },
  };
}

function createClient(parts: StepParts) {
  const { api, random, demo, world, stopping, edge, nextKey, insist } = parts;

  async function newConsent(): Promise<void> {
    const family = random.between(0, demo.families.length - 1);
    const maxUses = random.pick([1, 2, 3, 3, 5, 8]);
    const key = nextKey();
    const { seen } = await insist(() => api.requestConsent(edge(), family, key, maxUses));
    if (!seen) return;
    const consent: KnownConsent = { id: seen.id, family, maxUses };
    const fate = random.next();
    if (fate < 0.06) {
      await insist(() => api.decide(edge(), consent, 'refuse'));
    } else if (fate < 0.95) {
      await insist(() => api.decide(edge(), consent, 'grant'));
      remember(world, 'consents', consent);
    }
  }

  const lookupOn = (consent: KnownConsent, keyed: boolean): Lookup => ({
    family: consent.family,
    consent,
    timeBudgetMs: random.pick([600, 1_500, 1_500, 3_000]),
    ...(random.chance(0.3) && { retryForSeconds: random.between(0, 5) }),
    ...(keyed ? { key: nextKey() } : {}),
  });

  async function make(lookup: Lookup): Promise<void> {
    remember(world, 'lookups', lookup);
    // Without a key a repeat is another lookup.
    const outcome = await insist(() => api.verify(edge(), lookup), lookup.key === undefined ? 1 : MOST_TRIES);
    if (!outcome.verification) return;
    const platform = lookup.consent ? demo.platform.clientId : demo.office.clientId;
    const consent = lookup.consent?.id;
    const known = { id: outcome.verification, family: lookup.family, platform, ...(consent && { consent }) };
    remember(world, 'verifications', known);
    if (outcome.answer?.status === 'pending' && random.chance(0.5)) await follow(known);
  }

  /** What is pending is waited for, in one of the ways there are. */
  function follow(known: KnownVerification): Promise<Outcome> {
    return random.chance(0.5)
      ? api.watchVerification(edge(), known)
      : api.readVerification(edge(), known, { waitSeconds: random.between(1, LONGEST_WAIT_S) });
  }

  async function withdraw(consent: KnownConsent): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES && !stopping.aborted; tries += 1) {
      const { phase, seen } = await api.decide(edge(), consent, 'withdraw');
      if (phase === 'refused' || seen?.status === 'withdrawn') break;
      await delay(random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
    }
    const known = world.verifications.filter((one) => one.consent === consent.id);
    await Promise.all([
      make(lookupOn(consent, true)),
      make(lookupOn(consent, false)),
      ...known.slice(-3).map((one) => api.readVerification(edge(), one)),
    ]);
    const at = world.consents.indexOf(consent);
    if (at >= 0 && random.chance(0.7)) world.consents.splice(at, 1);
  }

  const steps: readonly Step[] = [
    [14, newConsent],
    [38, () => make(lookupOn(random.pick(world.consents), random.chance(0.85)))],
    // The same key at two edges at once.
    [
      8,
      () => {
        const lookup = lookupOn(random.pick(world.consents), true);
        return Promise.all([make(lookup), make(lookup)]);
      },
    ],
    // More than there are uses, all at once.
    [
      4,
      () => {
        const consent = random.pick(world.consents);
        return Promise.all(Array.from({ length: consent.maxUses + 1 }, () => make(lookupOn(consent, true))));
      },
    ],
    [
      8,
      () =>
        world.lookups.length === 0
          ? newConsent()
          : make(random.pick(world.lookups.filter(({ key }) => key !== undefined).concat(world.lookups))),
    ],
    [10, () => (world.verifications.length === 0 ? newConsent() : api.readVerification(edge(), random.pick(world.verifications)))],
    [6, () => api.readConsent(edge(), random.pick(world.consents))],
    [5, () => withdraw(random.pick(world.consents))],
    // A withdrawal while lookups are under way.
    [
      3,
      () => {
        const consent = random.pick(world.consents);
        return Promise.all([make(lookupOn(consent, true)), make(lookupOn(consent, true)), withdraw(consent)]);
      },
    ],
    [6, () => make({ family: random.between(0, demo.families.length - 1), timeBudgetMs: 1_500, key: nextKey() })],
    [4, () => (world.verifications.length === 0 ? newConsent() : follow(random.pick(world.verifications)))],
    ...createBatchSteps(parts),
  ];
  const total = steps.reduce((sum, [share]) => sum + share, 0);

  return {
    async step(): Promise<void> {
      if (world.consents.length < 2) {
        await newConsent();
        return;
      }
      let place = random.next() * total;
      for (const [share, step] of steps) {
        place -= share;
        if (place < 0) {
          await step();
          return;
        }
      }
    },
  };
}
