import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@vouch/store';

/** A data folder with an empty embedded database in it; closing removes it. */
export interface FreshDataDir extends AsyncDisposable {
  readonly dataDir: string;
}

/**
 * A data folder for `openEmbedded`, for tests. Making a database takes seconds, so one is made for each version of PGlite, kept among the
 * temporary files, and copied.
 */
export async function freshDataDir(): Promise<FreshDataDir> {
  const template = await findTemplate();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouch-data-'));
  await cp(template, dataDir, { recursive: true });
  return {
    dataDir,
    async [Symbol.asyncDispose]() {
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function findTemplate(): Promise<string> {
  // The store's own dependency; its version and ours are part of the name, since an older one may not open a newer one's files.
  const engine = createRequire(import.meta.resolve('@vouch/store')).resolve('@electric-sql/pglite');
  const { mtimeMs, size } = await stat(engine);
  const template = join(tmpdir(), `vouch-embedded-${process.getuid?.() ?? 'user'}-${Math.trunc(mtimeMs)}-${size}`);
  const present = await stat(template).catch(() => undefined);
  if (present && (process.getuid === undefined || present.uid === process.getuid())) return template;
  const draft = await mkdtemp(`${template}.`);
  const database = await openEmbedded({ dataDir: draft, logger: { info: () => undefined, warn: () => undefined } });
  await database[Symbol.asyncDispose]();
  // Another process may have been quicker; its template is as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
  return template;
}
