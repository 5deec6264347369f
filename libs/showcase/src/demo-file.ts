import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials, Subject } from '@vouch/client';

/** An invented family that is good for trying things, and what to expect of its lookup. */
export interface DemoFamily {
  /** Subjects by key, as a lookup wants them. */
  readonly subjects: Readonly<Record<string, Subject>>;
  readonly child: Subject;
  readonly guardian: Subject;
  /** Verdict of the requirement set for this family. */
  readonly expected: 'met' | 'not_met' | 'undetermined';
  /** Alternative that is met, if one is. */
  readonly alternative?: string;
}

/** What a running development Vouch writes to `demo.json` in its data folder. */
export interface DemoFile {
  readonly httpUrl: string;
  readonly lookupGrpcAddress: string;
  readonly tokenEndpoint: string;
  /** Provider addresses by agency. */
  readonly registries: Readonly<Record<string, string>>;
  /** Fault control addresses by agency. */
  readonly registryControls: Readonly<Record<string, string>>;
  /** Credential of the fault control. */
  readonly mockControlToken: string;
  readonly platform: Credentials;
  /** Another platform, to see that it sees nothing. */
  readonly otherPlatform: Credentials;
  /** An education office, which asks by statutory duty. */
  readonly office: Credentials;
  /** Client through which people sign in, and how. */
  readonly guardian: Credentials & { readonly how: string };
  readonly region: string;
  readonly requirementSet: string;
  readonly families: readonly DemoFamily[];
  /** A consent of the first family, granted, to try a lookup at once. */
  readonly consentId: string;
  /** Folder of finished spans; absent where they go to a collector. */
  readonly traces?: string;
  /** `all-in-one`, or `distributed`: a process per service. */
  readonly mode: 'all-in-one' | 'distributed';
}

/** Writes `demo.json`, readable by the owner only: it holds secrets of the development issuer. */
export async function writeDemoFile(dataDir: string, demo: DemoFile): Promise<string> {
  const file = join(dataDir, 'demo.json');
  const next = `${file}.${process.pid}.new`;
  await mkdir(dataDir, { recursive: true });
  await writeFile(next, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, file);
  return file;
}

/** Reads `demo.json` of a data folder; undefined when there is none. */
export async function readDemoFile(dataDir: string): Promise<DemoFile | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}
