import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deadLetterTopic, EVENT_TYPES, TOPICS } from '../names.js';
import { renderAsyncApi } from './render.js';

describe('the AsyncAPI document', () => {
  test('is fresh', async () => {
    const stored = await readFile(new URL('../../../../docs/asyncapi.yaml', import.meta.url), 'utf8');
    expect(stored, 'run npm run generate').toBe(await renderAsyncApi());
  });

  test('is valid, as a parser sees it that also sees faults', { timeout: 60_000 }, async () => {
    const parser = new Parser();
    const faultsOf = async (text: string) =>
      (await parser.validate(text)).filter(({ severity }) => severity <= 1).map(({ message, path }) => `${path.join('.')}: ${message}`);
    const document = await renderAsyncApi();
    expect(await faultsOf(document)).toEqual([]);
    expect(await faultsOf(document.replace('action: send', 'action: whisper'))).not.toEqual([]);
  });

  test('names every topic and event type of the code', async () => {
    const document = parse(await renderAsyncApi());
    const { registryChange: _, ...published } = TOPICS;
    const topics = [...Object.values(published), ...['audit', 'lookup', 'notify'].map(deadLetterTopic)];
    expect(Object.keys(document.channels).sort()).toEqual(topics.sort());
    const types = Object.values(EVENT_TYPES).flatMap((group) => Object.values<string>(group));
    expect(Object.keys(document.components.messages)).toEqual(expect.arrayContaining(types));
  });

  test('describes payloads as the proto messages do', async () => {
    const { schemas } = parse(await renderAsyncApi()).components;
    expect(schemas.VerificationChanged.properties.verificationId).toEqual({ description: 'Verification.', type: 'string' });
    expect(schemas.AuditRecorded.properties.leaseEnd).toMatchObject({ type: 'string', format: 'date-time' });
    expect(schemas.AuditRecorded.properties.persons).toMatchObject({
      type: 'array',
      items: { $ref: '#/components/schemas/AuditedPerson' },
    });
    expect(schemas.AuditedPerson.properties.claimTypes).toMatchObject({ type: 'array', items: { type: 'string' } });
  });
});
