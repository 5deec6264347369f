import { freshDataDir } from '@vouch/local';
import { type Database, openEmbedded } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { consentSuite } from './consent-suite.js';
import { redemptionSuite } from './redemption-suite.js';

async function open(): Promise<Database> {
  const { dataDir, [Symbol.asyncDispose]: remove } = await freshDataDir();
  const database = await openEmbedded({ dataDir, logger: silentLogger });
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await remove();
    },
  };
}

consentSuite('consents in the embedded database', open);
redemptionSuite('redemptions in the embedded database', open, 1);
