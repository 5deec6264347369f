// Starts a PostgreSQL server in the folder it is told, prints its URL, and waits to be killed.
import { startPostgres } from '@vouch/local';

const server = await startPostgres({ dataDir: process.argv[2] });
process.stdout.write(`${server.url}\n`);
setInterval(() => undefined, 1_000_000);
