import { TerminalError } from '@vouch/errors';
import { SUBJECT_KEY } from '../requests/request-schemas.js';

const PLAIN_COLUMNS = ['purpose', 'region', 'requirementSet', 'claims', 'legalBasis', 'consentId', 'timeBudgetMs'];
const PERSON_COLUMN = /^([a-z0-9]+)\.(idNumber|name)$/;

/** Fields of one line of CSV (RFC 4180, on one line); undefined when its quotes are wrong. */
export function readCsvLine(line: string): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    let field = '';
    if (line[at] === '"') {
      for (let from = at + 1; ; ) {
        const quote = line.indexOf('"', from);
        if (quote === -1) return undefined;
        field += line.slice(from, quote);
        at = quote + 1;
        if (line[at] !== '"') break;
        field += '"';
        from = at + 1;
      }
      if (at < line.length && line[at] !== ',') return undefined;
    } else {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      field = line.slice(at, end);
      if (field.includes('"')) return undefined;
      at = end;
    }
    fields.push(field);
    if (at >= line.length) return fields;
    at += 1;
  }
}

/** Makes a row's JSON out of a line of CSV; undefined when the line does not fit the header. */
export type CsvReader = (line: string) => string | undefined;

/** A reader for the columns that a header line names. Throws `batch_unreadable` for a header that is wrong; nothing of it is echoed. */
export function createCsvReader(header: string): CsvReader {
  const columns = readCsvLine(header)?.map((name) => name.trim());
  if (!columns) throw unreadable('The quotes of the header line are wrong');
  const wrong = columns.findIndex((name) => !isColumn(name));
  if (wrong !== -1) throw unreadable(`Column ${wrong + 1} of the header line is none that Vouch knows`);
  if (new Set(columns).size < columns.length) throw unreadable('The header line names a column twice');
  return (line) => {
    const fields = readCsvLine(line);
    if (fields?.length !== columns.length) return undefined;
    return JSON.stringify(toBody(columns, fields));
  };
}

const unreadable = (detail: string): TerminalError => new TerminalError('batch_unreadable', { detail });

const isColumn = (name: string): boolean => {
  const person = PERSON_COLUMN.exec(name);
  return person ? SUBJECT_KEY.test(person[1] as string) : PLAIN_COLUMNS.includes(name);
};

// An empty field is one that is not given. What does not convert stays a text, and is that field's fault when the row is read.
function toBody(columns: readonly string[], fields: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const subjects: Record<string, Record<string, string>> = {};
  let consentId: string | undefined;
  for (const [index, column] of columns.entries()) {
    const value = (fields[index] as string).trim();
    if (value === '') continue;
    const person = PERSON_COLUMN.exec(column);
    if (person) {
      const key = person[1] as string;
      subjects[key] = { ...subjects[key], [person[2] as string]: value };
    } else if (column === 'consentId') consentId = value;
    else if (column === 'legalBasis') body.legalBasis = { type: value };
    else if (column === 'claims') body.claims = fromJson(value);
    else if (column === 'timeBudgetMs') body.timeBudgetMs = /^\d{1,9}$/.test(value) ? Number(value) : value;
    else body[column] = value;
  }
  if (consentId !== undefined) body.legalBasis = { type: 'consent', ...(body.legalBasis as object | undefined), consentId };
  return { ...body, subjects };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
