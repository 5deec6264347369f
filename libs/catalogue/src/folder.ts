import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CatalogueError, type CatalogueOptions, OWN_DATA, readCatalogue } from './load.js';
import { pathsIn, readTexts } from './texts.js';
import type { Catalogue } from './types.js';

/** A newer catalogue that is not taken. */
export interface RefusedCatalogue {
  /** When it was refused. */
  readonly at: Date;
  /** Each as `file:line: text`. */
  readonly faults: readonly string[];
}

/** A folder with a catalogue, looked at again and again. */
export interface CatalogueFolder extends AsyncDisposable {
  /** The newest that was found without fault. */
  readonly newest: Catalogue;
  /** What the folder holds now, when that has faults; undefined as soon as it is good again. */
  readonly refused: RefusedCatalogue | undefined;
  /** Looks now, whether or not something seems to have changed, and does not wait for it to settle. Never rejects. */
  look(): Promise<void>;
  /** Calls the listener each time that `newest` is another. Returns what ends it. */
  onNewer(listener: () => void): () => void;
}

/** How a folder is looked at. */
export interface FolderOptions extends CatalogueOptions {
  /** Pause between two looks, milliseconds; none unless said: only `look` looks. */
  readonly everyMs?: number | undefined;
  /** Where somebody on duty is told what was refused. A pino logger fits. */
  readonly logger: { error(fields: Record<string, unknown>, message: string): void };
}

/**
 * Opens a folder (the one that comes with Vouch unless said) and loads what is in it.
 *
 * It is looked at by what its files' dates and sizes are, since notices of changes do not come from every file system. What has changed is
 * read once it has stayed the same from one look to the next, so that a folder that is being written is left alone, and read as a whole:
 * what changes meanwhile is read again. A catalogue with faults never takes the place of a good one.
 * @throws {CatalogueError} when the first one has faults
 */
export async function openCatalogueFolder(options: FolderOptions): Promise<CatalogueFolder> {
  const { dir = OWN_DATA, providerAddresses = {}, everyMs, logger } = options;
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let refused: RefusedCatalogue | undefined;
  // State of the folder that was read last, and the one at the last look.
  let { state: read, texts } = await readSettled(dir);
  let seen = read;
  let newest = readCatalogue(dir, texts, providerAddresses);
  let busy: Promise<void> = Promise.resolve();

  async function readAnew(): Promise<void> {
    ({ state: read, texts } = await readSettled(dir));
    seen = read;
    let found: Catalogue;
    try {
      found = readCatalogue(dir, texts, providerAddresses);
    } catch (failure) {
      if (!(failure instanceof CatalogueError)) throw failure;
      refused = { at: new Date(), faults: failure.faults };
      logger.error({ catalogue: newest.version, faults: failure.faults.length }, `${failure.message}\nThe catalogue in effect stays.`);
      return;
    }
    refused = undefined;
    if (found.version === newest.version) return;
    newest = found;
    for (const listener of [...listeners]) listener();
  }

  /** One after the other: two readings of one folder could end in the wrong order. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    busy = busy.then(work).catch((failure: unknown) => logger.error({ err: failure }, 'the catalogue cannot be looked at'));
    return busy;
  };

  async function lookForChange(): Promise<void> {
    const now = await stateOf(dir);
    const settled = now === seen;
    seen = now;
    if (settled && now !== read) await readAnew();
  }

  const looking = (async () => {
    while (everyMs !== undefined && !closing.signal.aborted) {
      await pause(everyMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      if (!closing.signal.aborted) await inTurn(lookForChange);
    }
  })();

  return {
    get newest() {
      return newest;
    },
    get refused() {
      return refused;
    },
    look: () => inTurn(readAnew),
    onNewer(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await looking;
      await busy;
    },
  };
}

// Who writes without a pause must not keep a reader for ever; what was read is then checked as it is, and looked at again.
const MOST_READINGS = 5;

/** The files as they were while none of them changed. */
async function readSettled(dir: string) {
  for (let readings = 1; ; readings += 1) {
    const state = await stateOf(dir);
    const texts = await readTexts(dir);
    if (readings === MOST_READINGS || state === (await stateOf(dir))) return { state, texts };
  }
}

/** What tells whether something in the folder was changed, replaced, added or removed. */
async function stateOf(dir: string): Promise<string> {
  const paths = await pathsIn(dir);
  const states = await Promise.all(
    paths.map((path) =>
      stat(join(dir, path), { bigint: true }).then(
        ({ ino, size, mtimeNs, ctimeNs }) => `${path} ${ino} ${size} ${mtimeNs} ${ctimeNs}`,
        (failure: NodeJS.ErrnoException) => `${path} ${failure.code}`,
      ),
    ),
  );
  return states.join('\n');
}
