import { TerminalError } from '@vouch/errors';
import { parse } from 'csv-parse/sync';
import { SUBJECT_KEY } from '../requests/request-schemas.js';

const PLAIN_COLUMNS = [
  'purpose',
  'region',
  'requirementSet',
  'entryYear',
  'applicationDate',
  'addressCode',
  'claims',
  'legalBasis',
  'consentId',
  'timeBudgetMs',
  'retryForSeconds',
];
const NUMBER_COLUMNS = ['entryYear', 'timeBudgetMs', 'retryForSeconds'];
const PERSON_COLUMN = /^([a-z0-9]+)\.(idNumber|name)$/;
const FACT_COLUMN = /^facts\.([A-Za-z0-9][\w-]{0,63})$/;

/**
 * Fields of each line of CSV (RFC 4180, a row on one line); undefined for a line whose quotes are wrong. All lines are read at once, which costs
 * a tenth of reading each; only when they are not a row each, because a quote was not closed where it should have been, one by one.
 */
export function readCsvLines(lines: readonly string[]): (string[] | undefined)[] {
  const together = readRecords(lines.join('\n'));
  if (together?.length === lines.length) return together;
  return lines.map((line) => {
    const records = readRecords(line);
    return records?.length === 1 ? records[0] : undefined;
  });
}

function readRecords(text: string): string[][] | undefined {
  try {
    return parse(text, { record_delimiter: '\n', relax_column_count: true });
  } catch {
    return undefined;
  }
}

/** Makes each row's JSON out of lines of CSV; undefined for a line that does not fit the header. */
export type CsvReader = (lines: readonly string[]) => (string | undefined)[];

/** A reader for the columns that a header line names. Throws `batch_unreadable` for a header that is wrong; nothing of it is echoed. */
export function createCsvReader(header: string): CsvReader {
  const columns = readCsvLines([header])[0]?.map((name) => name.trim());
  if (!columns) throw unreadable('The quotes of the header line are wrong');
  const wrong = columns.findIndex((name) => !isColumn(name));
  if (wrong !== -1) throw unreadable(`Column ${wrong + 1} of the header line is none that Vouch knows`);
  if (new Set(columns).size < columns.length) throw unreadable('The header line names a column twice');
  return (lines) =>
    readCsvLines(lines).map((fields) => (fields?.length === columns.length ? JSON.stringify(toBody(columns, fields)) : undefined));
}

const unreadable = (detail: string): TerminalError => new TerminalError('batch_unreadable', { detail });

const isColumn = (name: string): boolean => {
  if (FACT_COLUMN.test(name)) return true;
  const person = PERSON_COLUMN.exec(name);
  return person ? SUBJECT_KEY.test(person[1] as string) : PLAIN_COLUMNS.includes(name);
};

// An empty field is one that is not given. What does not convert stays a text, and is that field's fault when the row is read.
function toBody(columns: readonly string[], fields: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const subjects: Record<string, Record<string, string>> = {};
  const facts: Record<string, boolean | string> = {};
  let consentId: string | undefined;
  for (const [index, column] of columns.entries()) {
    const value = (fields[index] as string).trim();
    if (value === '') continue;
    const person = PERSON_COLUMN.exec(column);
    const fact = FACT_COLUMN.exec(column)?.[1];
    if (fact !== undefined) facts[fact] = value === 'true' || (value === 'false' ? false : value);
    else if (person) {
      const key = person[1] as string;
      subjects[key] = { ...subjects[key], [person[2] as string]: value };
    } else if (column === 'consentId') consentId = value;
    else if (column === 'legalBasis') body.legalBasis = { type: value };
    else if (column === 'claims') body.claims = fromJson(value);
    else if (NUMBER_COLUMNS.includes(column)) body[column] = /^\d{1,9}$/.test(value) ? Number(value) : value;
    else body[column] = value;
  }
  if (consentId !== undefined) body.legalBasis = { type: 'consent', ...(body.legalBasis as object | undefined), consentId };
  return { ...body, ...(Object.keys(facts).length > 0 ? { facts } : {}), subjects };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
