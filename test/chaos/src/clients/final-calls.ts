import { setTimeout as delay } from 'node:timers/promises';
import type { Entry, History } from '../history.js';
import { createRandom, type Random } from '../random.js';
import type { Edge, System } from '../system/start-system.js';
import { type Api, createApi } from './api.js';
import { type BatchApi, createBatchApi } from './batch-api.js';
import type { Outcome } from './call.js';
import type { Tokens } from './tokens.js';

const AT_ONCE = 8;
const MOST_REPEATS = 300;
const MOST_READS = 4_000;
const TRIES = 12;
const TRIES_TO_RESUME = 20;
const BUDGET_MS = 5_000;

/** Calls at the end, when nothing is broken any more. */
export interface FinalCalls {
  /** Lets every batch go on that a client paused and may have been unable to resume. Comes first: what is paused has no rest. */
  resume(): Promise<void>;
  /**
   * In the quiet: each edge serves a family from consent to withdrawal; what nobody knows the end of is repeated with its key until that
   * is known or it was tried often enough.
   */
  repeat(): Promise<void>;
  /** When that has come to rest, too: everything that was acknowledged is read once more. */
  read(): Promise<void>;
}

/** The calls at the end of a run. */
export function createFinalCalls(seed: number, { demo, edges }: System, history: History, tokens: Tokens): FinalCalls {
  const random = createRandom(seed, 'final');
  const options = { name: 'final', demo, history, tokens };
  const api = createApi(options);
  const batches = createBatchApi(options);
  const edge = () => random.pick(edges);

  return {
    async resume() {
      await each(pausedOnce(history.entries), (batch) =>
        insist(random, () => batches.command(edge(), batch, 'resume', true), TRIES_TO_RESUME),
      );
    },
    async repeat() {
      const left = findOpen(history.entries);
      for (const one of edges) await serveOnce(random, api, one);
      const open = random.shuffle(left).slice(0, MOST_REPEATS);
      await each(open, (entry) => insist(random, () => repeat(api, batches, edge(), entry)));
    },
    async read() {
      const { acknowledged, submitted } = findAcknowledged(history.entries);
      await each(random.shuffle(acknowledged).slice(0, MOST_READS), (entry) => insist(random, () => read(api, edge(), entry)));
      await each(submitted, async (batch) => {
        await insist(random, () => batches.read(edge(), batch, true));
        await insist(random, () => batches.results(edge(), batch, 0, true));
      });
    },
  };
}

/** A family's whole way at one edge, which alone is asked: another could serve in its place. */
async function serveOnce(random: Random, api: Api, edge: Edge): Promise<void> {
  const { seen } = await insist(random, () => api.requestConsent(edge, 0, `final-consent-${edge.name}`, 1, true));
  if (!seen) return;
  const consent = { id: seen.id, family: 0, maxUses: 1 };
  const lookup = { family: 0, consent, key: `final-lookup-${edge.name}`, timeBudgetMs: BUDGET_MS };
  await insist(random, () => api.decide(edge, consent, 'grant', true));
  await insist(random, () => api.verify(edge, lookup, true));
  await insist(random, () => api.decide(edge, consent, 'withdraw', true));
}

/** Calls with a key of which nobody knows what became of them, by their first line, which says what was sent. */
function findOpen(entries: readonly Entry[]): Entry[] {
  const open = new Map<string, Entry>();
  const sent = new Map<string, Entry>();
  for (const entry of entries) {
    const { operation, key, phase } = entry;
    if (key === undefined || !['verify', 'request-consent', 'submit-batch'].includes(operation)) continue;
    if (phase === 'sent') sent.set(key, entry);
    else if (phase === 'unknown') open.set(key, sent.get(key) ?? entry);
    else open.delete(key);
  }
  return [...open.values()];
}

interface Submitted {
  readonly id: string;
  readonly platform: string;
}

/** The last line about each thing that was acknowledged, and the batches. */
function findAcknowledged(entries: readonly Entry[]): { acknowledged: Entry[]; submitted: Submitted[] } {
  const acknowledged = new Map<string, Entry>();
  const submitted = new Map<string, Submitted>();
  for (const entry of entries) {
    const { phase, operation, verification, seen, batch, platform = '' } = entry;
    if (phase === 'sent' || phase === 'unknown') continue;
    const id = verification ?? seen?.id;
    if (id !== undefined) acknowledged.set(id, entry);
    if (operation === 'submit-batch' && batch !== undefined) submitted.set(batch, { id: batch, platform });
  }
  return { acknowledged: [...acknowledged.values()], submitted: [...submitted.values()] };
}

function pausedOnce(entries: readonly Entry[]): Submitted[] {
  const paused = new Map<string, Submitted>();
  for (const { operation, batch, platform = '' } of entries) {
    if (operation === 'pause-batch' && batch !== undefined) paused.set(batch, { id: batch, platform });
  }
  return [...paused.values()];
}

function repeat(api: Api, batches: BatchApi, edge: Edge, entry: Entry): Promise<Outcome> {
  const { operation, key = '', family = 0, consent: id, maxUses = 1, timeBudgetMs = BUDGET_MS, retryForSeconds, rows = [] } = entry;
  if (operation === 'submit-batch') return batches.submit(edge, { platform: entry.platform ?? '', key, rows }, true);
  if (operation === 'request-consent') return api.requestConsent(edge, family, key, maxUses, true);
  const how = { timeBudgetMs, ...(retryForSeconds === undefined ? {} : { retryForSeconds }) };
  return api.verify(edge, { family, key, ...how, ...(id !== undefined && { consent: { id, family, maxUses } }) }, true);
}

function read(api: Api, edge: Edge, { verification, seen, family = 0, consent, platform = '' }: Entry): Promise<Outcome> {
  if (verification === undefined) return api.readConsent(edge, { id: seen?.id ?? '', family, maxUses: 0 }, true);
  return api.readVerification(edge, { id: verification, family, consent, platform }, { final: true });
}

async function insist(random: Random, attempt: () => Promise<Outcome>, mostTries = TRIES): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempt();
    if (outcome.phase !== 'unknown' || tries === mostTries) return outcome;
    await delay(random.between(200, 800));
  }
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
    }),
  );
}
