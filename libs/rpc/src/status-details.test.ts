import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStatusDetails, encodeStatusDetails, type StatusDetails } from './status-details.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const details = fc.record({
  status: fc.integer({ min: 0, max: 16 }),
  message: text,
  reason: text,
  metadata: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), text, { maxKeys: 4, noNullPrototype: true }),
  faults: fc.array(fc.record({ pointer: text, code: text, detail: text }), { maxLength: 5 }),
  retryAfterMs: fc.option(fc.nat(1e9), { nil: undefined }),
});

const plain: StatusDetails = {
  status: 8,
  message: 'Too many requests',
  reason: 'rate_limited',
  metadata: {},
  faults: [],
  retryAfterMs: 1500,
};

describe('google.rpc.Status', () => {
  it('round-trips', () => {
    fc.assert(
      fc.property(details, (given) => {
        expect(decodeStatusDetails(encodeStatusDetails(given))).toEqual(given);
      }),
    );
  });

  it('has the bytes that other implementations make of it', () => {
    // Made with protobufjs from googleapis' status.proto, error_details.proto and any.proto.
    expect(encodeStatusDetails(plain).toString('base64')).toBe(
      'CAgSEVRvbyBtYW55IHJlcXVlc3RzGkEKKHR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5FcnJvckluZm8SFQoMcmF0ZV9saW1pdGVkEgV2b3VjaBo2Cih0eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5ycGMuUmV0cnlJbmZvEgoKCAgBEIDKte4B',
    );
  });

  it('leaves faults out that would make the header too large', () => {
    const faults = Array.from({ length: 1000 }, (_, i) => ({ pointer: `/claims/${i}`, code: 'required', detail: 'A field is missing' }));
    const bytes = encodeStatusDetails({ ...plain, faults });
    expect(bytes.length).toBeLessThan(5000);
    const read = decodeStatusDetails(bytes)?.faults ?? [];
    expect(read.length).toBeGreaterThan(50);
    expect(read).toEqual(faults.slice(0, read.length));
  });

  it('of others is not taken for ours', () => {
    const bytes = encodeStatusDetails(plain);
    const theirs = Buffer.from(bytes.toString('latin1').replace('vouch', 'other'), 'latin1');
    expect(decodeStatusDetails(bytes)?.reason).toBe('rate_limited');
    expect(decodeStatusDetails(theirs)).toBeUndefined();
  });

  it('never throws, whatever a peer sends', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeStatusDetails(bytes)));
    const bytes = encodeStatusDetails(plain);
    for (let cut = 0; cut < bytes.length; cut++) decodeStatusDetails(bytes.subarray(0, cut));
  });
});
