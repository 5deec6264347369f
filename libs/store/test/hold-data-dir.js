// Holds a data folder until it is killed: prints a line when it has it, then one for each entry that is committed.
import { openEmbedded, sql } from '@vouch/store';

const quiet = { info: () => undefined, warn: () => undefined };
const database = await openEmbedded({ dataDir: process.argv[2], logger: quiet });
const store = await database.store('entries', {
  '0001-entry': { up: (db) => sql`create table entry (id integer primary key)`.execute(db) },
});
process.stdout.write('held\n');
for (let id = 0; ; id += 1) {
  await store.db.insertInto('entry').values({ id }).execute();
  process.stdout.write(`${id}\n`);
}
