import { openPostgres } from '@vouch/store';
import { openStore } from './checks/embedded-kept.js';
import type { LaidGround } from './ground.js';
import type { Lookup } from './lookups/lookup.js';
import { makeModelConsent } from './lookups/model-consent.js';
import { storeConsents } from './lookups/store-consents.js';
import { storeNaiveConsents } from './lookups/store-naive-consents.js';
import { embeddedDirOf } from './rows/hub-embedded.js';
import type { Row } from './rows/row.js';

/** Systems that keep consents of their own. */
export type System = 'vouch' | 'embedded' | 'naive';

/** The system whose consents a row uses; undefined for those that use none. */
export function systemOf({ name }: Pick<Row, 'name'>): System | undefined {
  if (name === 'naive') return 'naive';
  if (name === 'hub-embedded') return 'embedded';
  return name.startsWith('hub') || name === 'batch' ? 'vouch' : undefined;
}

/** Gives lookups their consents in one system. */
export type GiveConsents = (lookups: readonly Lookup[]) => Promise<void>;

/** Makes the one real consent of a system, over the API of a row that runs on it; returns what gives lookups theirs. No row may run then. */
export async function openConsents(system: System, row: Row, laid: LaidGround, someone: Lookup): Promise<GiveConsents> {
  const { ground, keyring } = laid;
  const { log, databases } = ground;
  const tell = (perSecond: number): void => log(`  made at ${Math.round(perSecond)} a second`);
  if (system === 'naive') return async (lookups) => tell(await storeNaiveConsents(databases.naive, lookups));
  const modelId = await makeModel(row, laid, someone);
  return async (lookups) => {
    const logger = { info: () => undefined, warn: () => undefined };
    await using database =
      system === 'embedded' ? await openStore(embeddedDirOf(ground)) : await openPostgres({ url: databases.vouch, logger });
    tell(await storeConsents(database, keyring, modelId, lookups));
  };
}

async function makeModel(row: Row, { ground, tokenEndpoint, platform, portal }: LaidGround, someone: Lookup): Promise<string> {
  await using running = await row.start(ground);
  if (running.httpUrl === undefined) throw new Error(`${row.name} has no API to ask for consent`);
  return await makeModelConsent({ httpUrl: running.httpUrl, tokenEndpoint, platform, portal }, someone);
}
