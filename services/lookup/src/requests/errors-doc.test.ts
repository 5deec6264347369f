import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@vouch/errors';
import { PROVIDER_FAULTS } from '@vouch/provider-client';
import { expect, it } from 'vitest';
import { ROUNDS } from '../domain/rounds.js';
import { CLOSING_CODES } from '../verifying/answering.js';
import { UNASKED } from '../verifying/fan-out.js';
import { FAULTS } from './faults.js';

const document = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** Rows of the table under a heading, without their code marks. */
function rowsUnder(heading: string): string[][] {
  const section = document.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

it('lists every error code with its HTTP and gRPC status, and no other', () => {
  const listed = rowsUnder('Codes').map(([code, http, grpc, title]) => [code, Number(http), grpc, title]);
  expect(listed).toEqual(Object.entries(ERROR_CODES).map(([code, { http, grpc, title }]) => [code, http, grpc, title]));
  expect(rowsUnder('Codes').every((row) => (row[4] ?? '') !== '')).toBe(true);
});

it('lists every fault of a request, and no other', () => {
  expect(rowsUnder('Faults of a request')).toEqual(Object.entries(FAULTS));
});

it('lists every reason that the hub gives, and whether it asks again', () => {
  const expected = Object.entries({ ...PROVIDER_FAULTS, ...ROUNDS, ...UNASKED }).map(([code, { retryable, meaning }]) => [
    code,
    retryable ? 'yes' : 'no',
    meaning,
  ]);
  expect(rowsUnder('Reasons of unavailable claims')).toEqual(expected);
});

it('lists every code of a closed verification', () => {
  expect(rowsUnder('Codes of closed verifications')).toEqual(Object.entries(CLOSING_CODES));
});
