import { setTimeout as pause } from 'node:timers/promises';
import type { Catalogue, CatalogueFolder } from '@vouch/catalogue';
import { fromUnknown } from '@vouch/errors';
import type { CatalogueVersions } from './catalogue-versions.js';

/** The catalogue by which a service decides. Whoever does several things for one request takes it once, and keeps to it. */
export interface Catalogues {
  readonly current: Catalogue;
}

/** The catalogue in effect in a service, which follows a folder. */
export interface CataloguesInEffect extends Catalogues, AsyncDisposable {
  /** Takes what the folder holds now, if it is without fault; resolves when it is in effect or refused. */
  reload(): Promise<void>;
  /** How it stands with the folder. */
  readonly standing: CatalogueStanding;
}

/** The version in effect, and why a newer one is not. */
export interface CatalogueStanding {
  readonly version: string;
  /** The folder holds one with faults, or a good one that could not be recorded yet; undefined: the folder holds the one in effect. */
  readonly refused?: { readonly reason: 'faulty' | 'unrecorded'; readonly since: Date; readonly faults: number };
}

/** What following a folder needs. */
export interface InEffectOptions {
  readonly folder: CatalogueFolder;
  readonly versions: Pick<CatalogueVersions, 'record'>;
  /** Called just before another one takes effect, and for the first: opens what asking by it needs. */
  readonly prepare?: (next: Catalogue) => void;
  /** A change was recorded: its events wait to be published. */
  readonly onRecorded?: () => void;
  readonly logger: {
    info(fields: Record<string, unknown>, message: string): void;
    warn(fields: Record<string, unknown>, message: string): void;
  };
}

const TRY_AGAIN_MS = 1_000;

/**
 * Puts the folder's catalogue into effect, and each newer one as it comes: recorded first, so that nothing is ever decided under one that
 * is not kept. One that cannot be recorded waits, and the one in effect stays. Rejects when the first cannot be recorded.
 */
export async function startCatalogues(options: InEffectOptions): Promise<CataloguesInEffect> {
  const { folder, versions, prepare, onRecorded, logger } = options;
  const closing = new AbortController();
  let unrecordedSince: Date | undefined;
  let current = folder.newest;
  let busy: Promise<void> = Promise.resolve();
  if (await versions.record(current)) onRecorded?.();
  prepare?.(current);

  async function take(): Promise<void> {
    while (folder.newest !== current && !closing.signal.aborted) {
      const next = folder.newest;
      try {
        if (await versions.record(next)) onRecorded?.();
        prepare?.(next);
      } catch (failure) {
        const { code } = fromUnknown(failure);
        if (!unrecordedSince) logger.warn({ catalogue: next.version, code }, 'a newer catalogue waits until it can be recorded');
        unrecordedSince ??= new Date();
        await pause(TRY_AGAIN_MS, undefined, { signal: closing.signal }).catch(() => undefined);
        continue;
      }
      unrecordedSince = undefined;
      const previous = current.version;
      current = next;
      logger.info({ catalogue: next.version, previous }, 'another catalogue took effect');
    }
    // It went back to the one in effect while it waited.
    unrecordedSince = undefined;
  }

  const takeInTurn = (): Promise<void> => {
    busy = busy.then(take);
    return busy;
  };
  const unlisten = folder.onNewer(() => void takeInTurn());
  // What came while the first was recorded.
  void takeInTurn();

  return {
    get current() {
      return current;
    },
    async reload() {
      await folder.look();
      await takeInTurn();
    },
    get standing() {
      const { refused } = folder;
      return {
        version: current.version,
        ...(refused && { refused: { reason: 'faulty', since: refused.at, faults: refused.faults.length } as const }),
        ...(!refused && unrecordedSince && { refused: { reason: 'unrecorded', since: unrecordedSince, faults: 0 } as const }),
      };
    },
    async [Symbol.asyncDispose]() {
      unlisten();
      closing.abort();
      await busy;
    },
  };
}
