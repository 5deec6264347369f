import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedRow } from '../batch.js';
import type { KnownBatch } from './batch-api.js';
import { remember, type Step, type StepParts } from './world.js';

const SIZES = [20, 40, 80, 120, 160, 200];
const MALFORMED_SHARE = 0.02;
const SHORTEST_STOP_MS = 100;
const LONGEST_STOP_MS = 1_500;

/** What clients do with batches. */
export function createBatchSteps(parts: StepParts): readonly Step[] {
  const { api, batches, random, demo, world, edge, nextKey, insist } = parts;
  const anyFamily = () => random.between(0, demo.families.length - 1);

  /** Consents of a batch's own: what is not among its rows' verifications can be nobody's. Sometimes one runs out on the way. */
  async function ownConsents(rows: number): Promise<{ id: string; family: number }[]> {
    const made = Array.from({ length: random.between(1, 3) }, () => ({
      family: anyFamily(),
      maxUses: random.chance(0.8) ? 1_000 : rows >> 2,
    }));
    const consents = await Promise.all(
      made.map(async ({ family, maxUses }) => {
        const key = nextKey();
        const { seen } = await insist(() => api.requestConsent(edge(), family, key, maxUses));
        if (!seen) return [];
        const { phase } = await insist(() => api.decide(edge(), { id: seen.id, family, maxUses }, 'grant'));
        return phase === 'answered' ? [{ id: seen.id, family }] : [];
      }),
    );
    return consents.flat();
  }

  const toRow = (about: Pick<PlannedRow, 'family' | 'consent'>): PlannedRow => ({
    ...about,
    timeBudgetMs: random.pick([800, 1_500, 3_000]),
    ...(random.chance(0.3) && { retryForSeconds: random.between(1, 4) }),
    ...(random.chance(MALFORMED_SHARE) && { malformed: true as const }),
  });

  async function submit(): Promise<void> {
    const size = random.pick(SIZES);
    const byDuty = random.chance(0.35);
    const platform = (byDuty ? demo.office : demo.platform).clientId;
    const consents = byDuty ? [] : await ownConsents(size);
    if (!byDuty && consents.length === 0) return;
    // Now and then one that lookups use up and people withdraw.
    const shared = random.chance(0.4) ? world.consents.slice(0, 1) : [];
    const about = [...consents, ...(byDuty ? [] : shared)];
    const rows = Array.from({ length: size }, () => {
      if (byDuty) return toRow({ family: anyFamily() });
      const { id, family } = random.pick(about);
      return toRow({ family, consent: id });
    });
    const upload = { platform, key: nextKey(), rows };
    const send = () => insist(() => batches.submit(edge(), upload));
    // Now and then the same upload at two edges at once.
    const [first] = await Promise.all(random.chance(0.15) ? [send(), send()] : [send()]);
    if (first?.batch === undefined) return;
    const batch: KnownBatch = { id: first.batch, platform };
    remember(world, 'batches', batch);
    const [own] = consents;
    if (own && random.chance(0.1)) await insist(() => api.decide(edge(), { ...own, maxUses: 0 }, 'withdraw'));
  }

  async function stopAndGo(batch: KnownBatch): Promise<void> {
    const { phase } = await insist(() => batches.command(edge(), batch, 'pause'));
    if (phase === 'refused') return;
    await delay(random.between(SHORTEST_STOP_MS, LONGEST_STOP_MS));
    await insist(() => batches.command(edge(), batch, 'resume'));
  }

  const withBatch = (work: (batch: KnownBatch) => Promise<unknown>) => () =>
    world.batches.length === 0 ? submit() : work(random.pick(world.batches));
  return [
    [5, submit],
    [3, withBatch((batch) => batches.read(edge(), batch))],
    [3, withBatch((batch) => batches.results(edge(), batch, random.pick([0, 0, 10])))],
    [2, withBatch(stopAndGo)],
    [1, withBatch((batch) => insist(() => batches.command(edge(), batch, 'cancel')))],
  ];
}
