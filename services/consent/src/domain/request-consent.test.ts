import { expect, test } from 'vitest';
import { NOW, part } from '../../test/example-consents.js';
import { beginsAt, type ConsentWish, faultsOf } from './request-consent.js';

const wish = (changes: Partial<ConsentWish> = {}): ConsentWish => ({
  parts: [part('guardian', 'housing.owns-home')],
  subjects: ['child', 'guardian'],
  validFrom: NOW,
  validUntil: new Date(NOW.getTime() + 1000),
  maxUses: 1,
  retentionDays: 30,
  ...changes,
});
const knows = (claimType: string, version: number) => claimType === 'housing.owns-home' && version === 1;
const pointers = (changes: Partial<ConsentWish>) => faultsOf(wish(changes), knows, NOW).map((one) => `${one.pointer} ${one.code}`);

test('a wish without faults has none', () => {
  expect(pointers({})).toEqual([]);
});

test('every fault is told at once', () => {
  const unknown = part('sibling1', 'housing.owns-castle');
  const faults = pointers({ parts: [unknown, unknown], validFrom: undefined, validUntil: NOW, maxUses: 0, retentionDays: 0 });
  expect(faults).toEqual([
    '/parts/0/subject unknown_subject',
    '/parts/0/claimType unknown_claim_type',
    '/parts/1/subject unknown_subject',
    '/parts/1/claimType unknown_claim_type',
    '/parts/1 duplicate',
    '/validFrom required',
    '/validUntil past',
    '/maxUses out_of_range',
    '/retentionDays out_of_range',
  ]);
});

test('a consent has parts, and an end after its beginning', () => {
  expect(pointers({ parts: [] })).toEqual(['/parts required']);
  expect(pointers({ parts: Array.from({ length: 201 }, () => part('guardian', 'housing.owns-home')) })).toEqual(['/parts too_many']);
  expect(pointers({ validFrom: new Date(NOW.getTime() + 2000) })).toEqual(['/validUntil too_early']);
});

test('a consent that is to begin now begins now, though the clock that said so is a second fast', () => {
  const ahead = (ms: number) => new Date(NOW.getTime() + ms);
  expect(beginsAt(ahead(1000), NOW)).toEqual(NOW);
  expect(beginsAt(ahead(1001), NOW)).toEqual(ahead(1001));
  expect(beginsAt(ahead(-60_000), NOW)).toEqual(ahead(-60_000));
});
