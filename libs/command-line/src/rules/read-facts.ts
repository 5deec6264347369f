import { readFile } from 'node:fs/promises';
import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import { type MatchedFacts, matchStated, type StatedFacts, statedFactsSchema } from '@vouch/what-if';
import { parse } from 'yaml';
import { SettingsError } from '../failure.js';

/** Reads stated facts, JSON or YAML, out of a file. Throws SettingsError with what is wrong and where. */
export async function readFactsFile(file: string): Promise<StatedFacts> {
  return readFacts(readText(await readFile(file, 'utf8'), file), file);
}

/** A file's JSON or YAML. */
export function readText(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (failure) {
    throw new SettingsError(`${file}: ${failure instanceof Error ? failure.message : String(failure)}`);
  }
}

/** Reads stated facts; `at` is told with what is wrong in them. */
export function readFacts(value: unknown, at: string): StatedFacts {
  const read = statedFactsSchema.safeParse(value);
  if (read.success) return read.data;
  const told = read.error.issues.map(({ path, message }) => `${at}: /${path.join('/')}: ${message}`);
  throw new SettingsError(told.join('\n'));
}

/** Lays facts on a set. Throws SettingsError with those that fit nowhere. */
export function layFacts(catalogue: Catalogue, set: RequirementSet, facts: StatedFacts, at: string): MatchedFacts {
  const matched = matchStated(catalogue, set, facts);
  if (matched.faults.length === 0) return matched;
  throw new SettingsError(matched.faults.map(({ path, code }) => `${at}: /${path.join('/')}: ${MEANING[code]}`).join('\n'));
}

const MEANING = {
  unknown_claim_type: 'there is no such claim type',
  unknown_claim_version: 'the claim type has no such version',
  unknown_fact: 'the set has no such fact',
  unknown_disclosure: 'the claim type discloses nothing of this name',
  type_wrong: 'a value of another type is disclosed',
  format_invalid: 'no such value is disclosed',
  required: 'say what came of it, or how many months',
  subject_missing: 'the person is not among the people',
  claim_not_asked: 'the set asks nothing like this of these people',
  stated_twice: 'another one stands for the same claim',
} as const;
