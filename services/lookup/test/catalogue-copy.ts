import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A copy of Vouch's catalogue that a test may change; removed when it is disposed. */
export interface CatalogueCopy extends AsyncDisposable {
  readonly dir: string;
  /** Replaces a text, which must be there, in one of its files. */
  change(file: string, from: string, to: string): Promise<void>;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
}

const OWN_DATA = fileURLToPath(new URL('../../../libs/catalogue/data', import.meta.url));

/** Copies it. */
export async function copyCatalogue(): Promise<CatalogueCopy> {
  const dir = await mkdtemp(join(tmpdir(), 'catalogue-'));
  await cp(OWN_DATA, dir, { recursive: true });
  const read = (file: string) => readFile(join(dir, file), 'utf8');
  const write = (file: string, text: string) => writeFile(join(dir, file), text);
  return {
    dir,
    read,
    write,
    async change(file, from, to) {
      const text = await read(file);
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      await write(file, text.replace(from, to));
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}
