import { link, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps span files that their processes would let give way to new ones. */
export interface KeptSpans extends AsyncDisposable {
  /** Folder of all files there ever were. */
  readonly folder: string;
  /** Looks for files that are not kept yet. */
  keep(): Promise<void>;
}

// A file takes many seconds to become so large that it gives way.
const LOOK_EVERY_MS = 1_000;

/** Starts keeping the span files of a folder in another one of the same disk: a second link to each, so that what is appended is there, too. */
export async function keepSpans(from: string, folder: string): Promise<KeptSpans> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = new Set<number>();
  let links = 0;
  async function keep(): Promise<void> {
    for (const name of await readdir(from).catch(() => [])) {
      const file = join(from, name);
      const inode = await stat(file).then(
        ({ ino }) => ino,
        () => undefined,
      );
      if (inode === undefined || known.has(inode)) continue;
      // Between looking and linking it may have become another one; then that one is kept twice, and this one next time.
      const kept = await link(file, join(folder, `${++links}.jsonl`)).then(
        () => true,
        () => false,
      );
      if (kept && (await stat(file).catch(() => undefined))?.ino === inode) known.add(inode);
    }
  }
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(keep);
  }, LOOK_EVERY_MS);
  return {
    folder,
    keep,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
    },
  };
}
