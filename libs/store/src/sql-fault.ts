import { RetryableError, TerminalError, type VouchError } from '@vouch/errors';

/** What the database refused, without the values that it names: its own texts quote rows, so they are kept only where they cannot. */
export class SqlFault extends Error {
  override readonly name = 'SqlFault';
  /** SQLSTATE, five characters. */
  readonly sqlState: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** A prepared statement's columns have changed, by a newer version's migration: this connection cannot run it any more. */
  readonly stalePlan: boolean;

  constructor(text: string, sqlState: string, names: { constraint?: string; table?: string; column?: string; routine?: string } = {}) {
    super(text);
    this.sqlState = sqlState;
    this.constraint = names.constraint;
    this.table = names.table;
    this.column = names.column;
    this.stalePlan = sqlState === '0A000' && names.routine === 'RevalidateCachedQuery';
  }
}

/** The SQLSTATE that an error of the store carries, if any. */
export function sqlStateOf(error: unknown): string | undefined {
  return faultOf(error)?.sqlState;
}

/** Whether a row with that key exists already; with a constraint's or unique index's name: whether it is that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const fault = faultOf(error);
  return fault?.sqlState === '23505' && (constraint === undefined || fault.constraint === constraint);
}

/** Whether running the transaction again may succeed: serialization failure or deadlock. */
export function isConflict(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  return sqlState === '40001' || sqlState === '40P01';
}

/** Any failure of the driver as an error of ours. */
export function toStoreError(thrown: unknown): VouchError {
  const fault = readSqlFault(thrown);
  if (!fault) return new RetryableError('unavailable', { cause: withoutSecrets(thrown) });
  return fault.stalePlan || isTransient(fault.sqlState)
    ? new RetryableError('unavailable', { cause: fault })
    : new TerminalError('internal', { cause: fault });
}

/** Whether the connection cannot be used any more. What is no answer of the server is a failure of the way to it. */
export function isConnectionLost(thrown: unknown): boolean {
  const fault = readSqlFault(thrown);
  return !fault || fault.stalePlan || /^(08|57P|25P03|25006)/.test(fault.sqlState);
}

function faultOf(error: unknown): SqlFault | undefined {
  if (error instanceof SqlFault) return error;
  return error instanceof Error && error.cause instanceof SqlFault ? error.cause : undefined;
}

/**
 * Connection failure (08), serialization failure and deadlock (40), too few resources (53), lock timeout (55P03), operator intervention
 * with the statement timeout (57), idle in transaction for too long (25P03), a server that only reads (25006): a primary that was demoted.
 */
const isTransient = (sqlState: string): boolean => /^(08|40|53|55P03|57|25P03|25006)/.test(sqlState);

/** Data exceptions (22), constraint violations (23) and texts raised by our own SQL (P0) quote values. */
const quotesValues = (sqlState: string): boolean => /^(22|23|44|P0)/.test(sqlState);

function readSqlFault(thrown: unknown): SqlFault | undefined {
  if (!(thrown instanceof Error) || !('severity' in thrown) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined;
  const { code, constraint, table, column, routine } = thrown as { code: string } & Partial<
    Record<'constraint' | 'table' | 'column' | 'routine', string>
  >;
  const place = [constraint && `constraint ${constraint}`, table && `table ${table}`, column && `column ${column}`]
    .filter(Boolean)
    .join(', ');
  const text = quotesValues(code) ? `SQLSTATE ${code}` : `SQLSTATE ${code}: ${thrown.message}`;
  return new SqlFault(place ? `${text} (${place})` : text, code, { constraint, table, column, routine });
}

/** A driver's error may carry the client with its password; code and text are enough. */
function withoutSecrets(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error('The database driver failed');
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const text = thrown.message || thrown.name;
  return new Error(code && !text.includes(code) ? `${code}: ${text}` : text);
}
