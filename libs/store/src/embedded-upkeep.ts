import type { PostgresPool } from 'kysely';
import type { StoreLogger } from './database.js';

const LOOK_EVERY_MS = 30_000;
const LOG_BYTES_BETWEEN_CHECKPOINTS = 48 * 1024 * 1024;
const MOST_TABLES_AT_ONCE = 4;

/** Tables in which dead rows, or changes since the planner last looked, are many: what autovacuum would choose. */
const NEEDS_VACUUM = `
  select format('%I.%I', schemaname, relname) as name
  from pg_stat_user_tables
  where n_dead_tup > 1000 + 0.2 * n_live_tup or n_mod_since_analyze > 1000 + 0.2 * n_live_tup
  order by n_dead_tup desc limit ${MOST_TABLES_AT_ONCE}`;

/**
 * Does what a server's background processes do and a single backend lacks: checkpoints, without which the write-ahead log
 * grows for ever and a restart replays all of it, and vacuum.
 */
export function startUpkeep(pool: PostgresPool, logger: StoreLogger): { stop(): void; tend(): Promise<void> } {
  let checkpointAt: string | undefined;

  async function tend(): Promise<void> {
    const client = await pool.connect();
    try {
      const ask = async <Row>(text: string): Promise<Row[]> => (await client.query<Row>(text, [])).rows;
      const since = checkpointAt ?? '0/0';
      const [log] = await ask<{ now: string; bytes: number }>(
        `select pg_current_wal_lsn()::text as now, pg_wal_lsn_diff(pg_current_wal_lsn(), '${since}')::float8 as bytes`,
      );
      if (log && (checkpointAt === undefined || log.bytes > LOG_BYTES_BETWEEN_CHECKPOINTS)) {
        await ask('checkpoint');
        checkpointAt = log.now;
      }
      // A backend keeps its counts to itself for up to a second: counted after a vacuum, dead rows that it removed would stand again.
      await ask('select pg_stat_force_next_flush()');
      for (const { name } of await ask<{ name: string }>(NEEDS_VACUUM)) await ask(`vacuum (analyze) ${name}`);
    } finally {
      client.release();
    }
  }

  const timer = setInterval(() => {
    tend().catch(() => logger.warn({}, 'The upkeep of the embedded database failed and is tried again'));
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer), tend };
}
