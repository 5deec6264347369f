import { TerminalError } from '@vouch/errors';
import { describe, expect, test } from 'vitest';
import { commitInOneGo, inOneGo, type Store, sql } from '../src/index.js';
import type { ContractTables } from './contract-tables.js';

/** What transactions promise. Part of the store's contract. */
export function transactionContract(store: () => Store<ContractTables>): void {
  const countOf = async (counter: string): Promise<number | undefined> =>
    (await store().db.selectFrom('counter').select('count').where('name', '=', counter).executeTakeFirst())?.count;

  describe('transactions', () => {
    test('commit what they did', async () => {
      const result = await store().transaction(async (tx) => {
        await tx.insertInto('counter').values({ name: 'committed', count: 1 }).execute();
        return 'done';
      });
      expect(result).toBe('done');
      expect(await countOf('committed')).toBe(1);
    });

    test('roll back on a throw, and hand the thrown value on', async () => {
      const thrown = new TerminalError('consent_closed');
      const run = store().transaction(async (tx) => {
        await tx.insertInto('counter').values({ name: 'rolled-back', count: 1 }).execute();
        throw thrown;
      });
      await expect(run).rejects.toBe(thrown);
      expect(await countOf('rolled-back')).toBeUndefined();
    });

    test('do not pretend to commit when a failure inside was swallowed', async () => {
      const run = store().transaction(async (tx) => {
        await tx.insertInto('counter').values({ name: 'swallowed', count: 1 }).execute();
        await sql`select 1 / 0`.execute(tx).catch(() => undefined);
      });
      await expect(run).rejects.toMatchObject({ code: 'internal' });
      expect(await countOf('swallowed')).toBeUndefined();
    });

    test('leave the connection usable after a failure', async () => {
      for (let i = 0; i < 30; i += 1) await expect(store().transaction((tx) => sql`select 1 / 0`.execute(tx))).rejects.toThrow();
      expect((await sql<{ one: number }>`select 1 as one`.execute(store().db)).rows).toEqual([{ one: 1 }]);
    });

    test('that lock the same row run one after another', async () => {
      await store().db.insertInto('counter').values({ name: 'locked', count: 0 }).execute();
      const increment = () =>
        store().transaction(async (tx) => {
          const { count } = await tx
            .selectFrom('counter')
            .select('count')
            .where('name', '=', 'locked')
            .forUpdate()
            .executeTakeFirstOrThrow();
          await tx
            .updateTable('counter')
            .set({ count: count + 1 })
            .where('name', '=', 'locked')
            .execute();
        });
      await Promise.all(Array.from({ length: 25 }, increment));
      expect(await countOf('locked')).toBe(25);
    });

    test('that cannot be serialized are run again', async () => {
      await store().db.insertInto('counter').values({ name: 'serial', count: 0 }).execute();
      const increment = () =>
        store().transaction(
          async (tx) => {
            const { count } = await tx.selectFrom('counter').select('count').where('name', '=', 'serial').executeTakeFirstOrThrow();
            await tx
              .updateTable('counter')
              .set({ count: count + 1 })
              .where('name', '=', 'serial')
              .execute();
          },
          { isolation: 'serializable' },
        );
      await Promise.all([increment(), increment()]);
      expect(await countOf('serial')).toBe(2);
    });

    test('that wait for each other are freed and run again', async () => {
      await store()
        .db.insertInto('counter')
        .values([
          { name: 'left', count: 0 },
          { name: 'right', count: 0 },
        ])
        .execute();
      const both = (names: readonly string[]) =>
        store().transaction(async (tx) => {
          for (const name of names) {
            await tx
              .updateTable('counter')
              .set((eb) => ({ count: eb('count', '+', 1) }))
              .where('name', '=', name)
              .execute();
          }
        });
      await Promise.all([both(['left', 'right']), both(['right', 'left']), both(['left', 'right']), both(['right', 'left'])]);
      expect([await countOf('left'), await countOf('right')]).toEqual([4, 4]);
    });

    test('share out rows with skip locked, each row once', async () => {
      await store()
        .db.insertInto('job')
        .values(Array.from({ length: 40 }, (_, id) => ({ id, owner: null })))
        .execute();
      const claim = (owner: string) =>
        store().transaction(async (tx) => {
          const free = tx.selectFrom('job').select('id').where('owner', 'is', null).orderBy('id').limit(3).forUpdate().skipLocked();
          return tx.updateTable('job').set({ owner }).where('id', 'in', free).returning('id').execute();
        });
      const work = async (owner: string) => {
        const claimed: number[] = [];
        for (let rows = await claim(owner); rows.length > 0; rows = await claim(owner)) claimed.push(...rows.map((row) => row.id));
        return claimed;
      };
      const claimed = (await Promise.all(['a', 'b', 'c', 'd'].map(work))).flat();
      expect(claimed.sort((one, other) => one - other)).toEqual(Array.from({ length: 40 }, (_, id) => id));
    });

    test('exclude each other by an advisory lock', async () => {
      let inside = 0;
      let most = 0;
      const enter = () =>
        store().transaction(async (tx) => {
          await sql`select pg_advisory_xact_lock(hashtextextended('contract', 0))`.execute(tx);
          inside += 1;
          most = Math.max(most, inside);
          await sql`select 1`.execute(tx);
          inside -= 1;
        });
      await Promise.all(Array.from({ length: 8 }, enter));
      expect(most).toBe(1);
    });

    describe('several statements in one go', () => {
      const add = (name: string) => sql<{ name: string }>`insert into contract.counter (name, count) values (${name}, 1) returning name`;

      test('are answered in their order, each seeing those before it', async () => {
        const rows = await store().transaction((tx) =>
          inOneGo(tx, [
            add('first'),
            sql<{ many: number }>`select count(*)::int4 as many from contract.counter where name = 'first'`,
            add('second'),
          ]),
        );
        expect(rows).toEqual([[{ name: 'first' }], [{ many: 1 }], [{ name: 'second' }]]);
        expect([await countOf('first'), await countOf('second')]).toEqual([1, 1]);
      });

      test('leave nothing behind when one of them fails, and the connection usable', async () => {
        for (let times = 0; times < 30; times += 1) {
          const run = store().transaction((tx) => inOneGo(tx, [add('before'), sql`select 1 / 0`, add('after')]));
          await expect(run).rejects.toMatchObject({ code: 'internal' });
        }
        expect([await countOf('before'), await countOf('after')]).toEqual([undefined, undefined]);
      });

      test('belong to their transaction', async () => {
        const run = store().transaction(async (tx) => {
          await inOneGo(tx, [add('one'), add('two')]);
          throw new TerminalError('consent_closed');
        });
        await expect(run).rejects.toMatchObject({ code: 'consent_closed' });
        expect([await countOf('one'), await countOf('two')]).toEqual([undefined, undefined]);
      });
    });

    describe('that commit with their last statements', () => {
      const add = (name: string) => sql<{ name: string }>`insert into contract.counter (name, count) values (${name}, 1) returning name`;

      test('are committed when those are answered', async () => {
        const { rows, counted } = await store().transaction(async (tx) => {
          await add('read first').execute(tx);
          const rows = await commitInOneGo(tx, [add('last'), add('very last')]);
          return { rows, counted: 'done' };
        });
        expect([rows, counted]).toEqual([[[{ name: 'last' }], [{ name: 'very last' }]], 'done']);
        expect([await countOf('read first'), await countOf('last'), await countOf('very last')]).toEqual([1, 1, 1]);
      });

      test('can consist of nothing but those, or of nothing', async () => {
        await store().transaction((tx) => commitInOneGo(tx, [add('only')]));
        await store().transaction((tx) => commitInOneGo(tx, []));
        expect(await countOf('only')).toBe(1);
      });

      test('give the same connection back when one fails', async () => {
        const backend = sql<{ pid: number }>`select pg_backend_pid() as pid`;
        const pidOf = async () => (await backend.execute(store().db)).rows[0]?.pid;
        const before = await pidOf();
        await expect(store().transaction((tx) => commitInOneGo(tx, [add('never'), sql`select 1 / 0`]))).rejects.toThrow();
        expect(await pidOf()).toBe(before);
      });

      test('leave nothing behind when one fails, the connection usable, and the next transaction whole', async () => {
        for (let times = 0; times < 30; times += 1) {
          const run = store().transaction(async (tx) => {
            await add('earlier').execute(tx);
            await commitInOneGo(tx, [add('before the fault'), sql`select 1 / 0`, add('after the fault')]);
          });
          await expect(run).rejects.toMatchObject({ code: 'internal' });
          const rolledBack = store().transaction(async (tx) => {
            await add('next').execute(tx);
            throw new TerminalError('consent_closed');
          });
          await expect(rolledBack).rejects.toMatchObject({ code: 'consent_closed' });
        }
        const names = ['earlier', 'before the fault', 'after the fault', 'next'];
        expect(await Promise.all(names.map(countOf))).toEqual(names.map(() => undefined));
      });

      test('stay committed when something is thrown afterwards', async () => {
        const run = store().transaction(async (tx) => {
          await commitInOneGo(tx, [add('kept')]);
          throw new TerminalError('consent_closed');
        });
        await expect(run).rejects.toMatchObject({ code: 'consent_closed' });
        expect(await countOf('kept')).toBe(1);
      });
    });

    test('that do nothing are nothing', async () => {
      expect(await store().transaction(async () => 'nothing')).toBe('nothing');
      await expect(store().transaction(() => Promise.reject(new TerminalError('consent_closed')))).rejects.toThrow();
    });
  });
}
