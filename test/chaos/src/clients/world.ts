import type { DemoFile } from '@vouch/showcase';
import type { Random } from '../random.js';
import type { Edge } from '../system/start-system.js';
import type { Api, KnownConsent, KnownVerification, Lookup } from './api.js';
import type { BatchApi, KnownBatch } from './batch-api.js';
import type { Outcome } from './call.js';

/** What all clients know of; small, so that they meet on the same consents and keys. */
export interface World {
  readonly consents: KnownConsent[];
  readonly lookups: Lookup[];
  readonly verifications: KnownVerification[];
  readonly batches: KnownBatch[];
}

const MOST: Readonly<Record<keyof World, number>> = { consents: 12, lookups: 30, verifications: 60, batches: 6 };

/** Remembers one thing more; the oldest of its kind is forgotten when there are too many. */
export function remember<K extends keyof World>(world: World, kind: K, item: World[K][number]): void {
  const list: World[K][number][] = world[kind];
  list.push(item);
  if (list.length > MOST[kind]) list.shift();
}

/** What a step of a client works with. */
export interface StepParts {
  readonly api: Api;
  readonly batches: BatchApi;
  readonly random: Random;
  readonly demo: DemoFile;
  readonly world: World;
  readonly stopping: AbortSignal;
  /** An edge drawn anew each time. */
  readonly edge: () => Edge;
  readonly nextKey: () => string;
  /** Tries until something definite came of it, or it was tried often enough. */
  readonly insist: (attempt: () => Promise<Outcome>, mostTries?: number) => Promise<Outcome>;
}

/** Something that a client may do next, and how often it does it compared with the others. */
export type Step = readonly [share: number, step: () => Promise<unknown>];
