import type { RawBuilder, Transaction } from 'kysely';

type RowsOf<S> = { readonly [K in keyof S]: S[K] extends RawBuilder<infer Row> ? readonly Row[] : never };

/**
 * Runs statements of a transaction in one round trip, in their order, each seeing what those before it did; returns the rows of each. For
 * statements that need nothing of one another's answers. When one fails, so does this, those after it do nothing, and the transaction can
 * only be rolled back.
 */
export async function inOneGo<T, const S extends readonly RawBuilder<unknown>[]>(tx: Transaction<T>, statements: S): Promise<RowsOf<S>> {
  const queries = statements.map((statement) => statement.compile(tx));
  const results = await tx
    .getExecutor()
    .provideConnection((connection) => Promise.all(queries.map((query) => connection.executeQuery<unknown>(query))));
  return results.map(({ rows }) => rows) as RowsOf<S>;
}
