import { resolve } from 'node:path';

/** What the demo reads from the environment. */
export interface DemoConfig {
  /** `VOUCH_DATA_DIR`: where a running Vouch left its `demo.json`; `.vouch` unless said. */
  readonly dataDir: string;
  /** `LC_ALL`, `LC_MESSAGES` or `LANG`: zh-CN or en. */
  readonly locale: string | undefined;
  /** For a Vouch that the demo starts itself. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads the environment. */
export function readDemoConfig(env: NodeJS.ProcessEnv = process.env): DemoConfig {
  return {
    dataDir: resolve(env.VOUCH_DATA_DIR || '.vouch'),
    locale: env.LC_ALL || env.LC_MESSAGES || env.LANG,
    environment: { PATH: env.PATH ?? '', HOME: env.HOME ?? '' },
  };
}
