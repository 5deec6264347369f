import type { RowResult } from './results.js';

/** How results are written. */
export interface ResultFormat {
  readonly contentType: string;
  /** Text before the first row. */
  readonly head: string;
  /** One row with its line's end. */
  line(result: RowResult): string;
}

const CSV_COLUMNS = ['row', 'status', 'verificationId', 'verdict', 'alternative', 'code', 'completedAt', 'claims', 'errors'] as const;

/** Results as JSON, a line each. */
export const NDJSON: ResultFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  head: '',
  line: (result) => `${JSON.stringify(result)}\n`,
};

/** Results as CSV (RFC 4180) with the most important of them: the verdict, the first alternative that is met, the outcome of each claim. */
export const CSV: ResultFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  head: `${CSV_COLUMNS.join(',')}\r\n`,
  line(result) {
    const fields = toFields(result);
    return `${CSV_COLUMNS.map((column) => quoted(fields[column] ?? '')).join(',')}\r\n`;
  },
};

function toFields(result: RowResult): Partial<Record<(typeof CSV_COLUMNS)[number], string>> {
  const { row, status } = result;
  const fields = { row: String(row), status };
  if ('verification' in result) {
    const { verdict, alternatives, completedAt, code, claims } = result.verification;
    return {
      ...fields,
      verificationId: result.verificationId,
      verdict,
      alternative: alternatives.find(({ result: value }) => value === 'met')?.id,
      code,
      completedAt,
      claims: claims.map(({ type, subject, outcome }) => `${type}(${subject})=${outcome}`).join(' '),
    };
  }
  if ('verificationId' in result) return { ...fields, verificationId: result.verificationId, code: result.code };
  if (status === 'failed')
    return { ...fields, code: result.code, errors: result.errors?.map(({ pointer, code }) => `${pointer}:${code}`).join(' ') };
  return fields;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
