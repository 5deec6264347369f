import { setTimeout as delay } from 'node:timers/promises';
import type { Entry, History } from '../history.js';
import { createRandom, type Random } from '../random.js';
import type { Edge, System } from '../system/start-system.js';
import { type Api, createApi, type Outcome, type Tokens } from './api.js';

const AT_ONCE = 8;
const MOST_REPEATS = 300;
const MOST_READS = 4_000;
const TRIES = 4;
const BUDGET_MS = 5_000;

/**
 * Calls in the quiet at the end: each edge serves a family from consent to withdrawal; what nobody knows the end of is repeated with its
 * key until that is known or it was tried often enough; everything that was acknowledged is read once more.
 */
export async function askFinally(seed: number, { demo, edges }: System, history: History, tokens: Tokens): Promise<void> {
  const random = createRandom(seed, 'final');
  const api = createApi({ name: 'final', demo, history, tokens });
  for (const edge of edges) await serveOnce(api, edge);
  const [open, acknowledged] = sortOut(history.entries);
  await each(random.shuffle(open).slice(0, MOST_REPEATS), (entry) => insist(random, () => repeat(api, random.pick(edges), entry)));
  await each(random.shuffle(acknowledged).slice(0, MOST_READS), (entry) => insist(random, () => read(api, random.pick(edges), entry)));
}

async function serveOnce(api: Api, edge: Edge): Promise<void> {
  const { seen } = await api.requestConsent(edge, 0, `final-consent-${edge.name}`, 1, true);
  if (!seen) return;
  const consent = { id: seen.id, family: 0, maxUses: 1 };
  await api.decide(edge, consent, 'grant', true);
  await api.verify(edge, { family: 0, consent, key: `final-lookup-${edge.name}`, timeBudgetMs: BUDGET_MS }, true);
  await api.decide(edge, consent, 'withdraw', true);
}

/** Calls with a key of which nobody knows what became of them; the last line about each thing that was acknowledged. */
function sortOut(entries: readonly Entry[]): [open: Entry[], acknowledged: Entry[]] {
  const open = new Map<string, Entry>();
  const acknowledged = new Map<string, Entry>();
  for (const entry of entries) {
    const { operation, key, phase, verification, seen } = entry;
    if (phase === 'sent') continue;
    if (key !== undefined && (operation === 'verify' || operation === 'request-consent')) {
      if (phase === 'unknown') open.set(key, entry);
      else open.delete(key);
    }
    const id = verification ?? seen?.id;
    if (phase !== 'unknown' && id !== undefined) acknowledged.set(id, entry);
  }
  return [[...open.values()], [...acknowledged.values()]];
}

function repeat(api: Api, edge: Edge, { operation, key = '', family = 0, consent: id, maxUses = 1, timeBudgetMs = BUDGET_MS }: Entry) {
  if (operation === 'request-consent') return api.requestConsent(edge, family, key, maxUses, true);
  return api.verify(edge, { family, key, timeBudgetMs, ...(id !== undefined && { consent: { id, family, maxUses } }) }, true);
}

function read(api: Api, edge: Edge, { verification, seen, family = 0, consent, platform = '' }: Entry) {
  if (verification === undefined) return api.readConsent(edge, { id: seen?.id ?? '', family, maxUses: 0 }, true);
  return api.readVerification(edge, { id: verification, family, consent, platform }, true);
}

async function insist(random: Random, attempt: () => Promise<Outcome>): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    if ((await attempt()).phase !== 'unknown') return;
    await delay(random.between(200, 800));
  }
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
    }),
  );
}
