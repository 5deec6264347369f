import { CompiledQuery, type RawBuilder, type Transaction } from 'kysely';

type RowsOf<S> = { readonly [K in keyof S]: S[K] extends RawBuilder<infer Row> ? readonly Row[] : never };

const COMMIT = CompiledQuery.raw('commit');

/**
 * Runs statements of a transaction in one round trip, in their order, each seeing what those before it did; returns the rows of each. For
 * statements that need nothing of one another's answers. When one fails, so does this, those after it do nothing, and the transaction can
 * only be rolled back.
 */
export async function inOneGo<T, const S extends readonly RawBuilder<unknown>[]>(tx: Transaction<T>, statements: S): Promise<RowsOf<S>> {
  return send(tx, statements, []);
}

/**
 * As `inOneGo`, for the last statements of a transaction: the commit travels with them, so that it costs no round trip and no locks are held
 * while this process is busy. When this resolves, all is committed; when a statement fails, nothing is. Nothing may be run in the
 * transaction afterwards, and a throw no longer rolls it back: what would forbid the commit must fail in a statement.
 */
export async function commitInOneGo<T, const S extends readonly RawBuilder<unknown>[]>(
  tx: Transaction<T>,
  statements: S,
): Promise<RowsOf<S>> {
  return send(tx, statements, [COMMIT]);
}

async function send<T, const S extends readonly RawBuilder<unknown>[]>(
  tx: Transaction<T>,
  statements: S,
  end: readonly CompiledQuery[],
): Promise<RowsOf<S>> {
  const queries = [...statements.map((statement) => statement.compile(tx)), ...end];
  // Each is waited for, also behind one that failed: the connection is at rest only when the end has been answered, and can then be used again.
  const settled = await tx
    .getExecutor()
    .provideConnection((connection) => Promise.allSettled(queries.map((query) => connection.executeQuery<unknown>(query))));
  const results = settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return results.slice(0, statements.length).map(({ rows }) => rows) as RowsOf<S>;
}
