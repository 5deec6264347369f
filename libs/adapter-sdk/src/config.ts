import { z } from 'zod';

/** What the fault command finds in its surroundings. */
export interface FaultsCliConfig {
  /** Folder of the running Vouch's data, which holds demo.json. */
  readonly dataDir: string;
  readonly controlToken: string | undefined;
}

const environment = z.object({
  VOUCH_DATA_DIR: z.string().min(1).default('.vouch'),
  VOUCH_MOCK_CONTROL_TOKEN: z.string().min(1).optional(),
});

/** Reads the environment. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): FaultsCliConfig {
  const values = environment.parse(env);
  return { dataDir: values.VOUCH_DATA_DIR, controlToken: values.VOUCH_MOCK_CONTROL_TOKEN };
}
