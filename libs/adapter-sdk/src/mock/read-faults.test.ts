import { describe, expect, it } from 'vitest';
import { readFaults, renderFaults } from './read-faults.js';

describe('the fault command', () => {
  it('asks for nothing without options', () => {
    expect(readFaults({})).toBeUndefined();
  });

  it.each([
    [{ hang: true }, 'hangs'],
    [{ latency: '200' }, 'latency 200 ms'],
    [{ latency: '200:3000' }, 'latency p50 200 ms, p99 3000 ms'],
    [{ errorRate: '0.5', code: 'agency_timeout' }, '50 % fail with agency_timeout'],
    [{ errorRate: '1' }, '100 % fail with agency_error'],
    [{ refuse: true }, 'refuses connections'],
    [{ quota: '10' }, 'at most 10 queries a second'],
    [{ dailyCap: '1000' }, 'at most 1000 queries a day'],
    [{ wrongShape: true }, 'answers in a wrong shape'],
    [{ heal: true }, 'no faults'],
    [{ hang: true, quota: '3' }, 'hangs, at most 3 queries a second'],
  ])('reads %j', (options, rendered) => {
    expect(renderFaults(readFaults(options))).toBe(rendered);
  });

  it.each([
    { latency: 'soon' },
    { latency: '1.5' },
    { latency: '' },
    { errorRate: '2' },
    { quota: '-1' },
    { code: 'x' },
    { errorRate: '1', code: 'No Code' },
    { latency: '1:2:3' },
    { latency: '300:200' },
    { latency: '1:' },
    { errorRate: '-0.1' },
    { quota: '0' },
    { dailyCap: '1e99' },
    { show: true, hang: true },
    { show: true, heal: true },
    { heal: true, hang: true },
  ])('refuses %j', (options) => {
    expect(() => readFaults(options)).toThrow(RangeError);
  });
});
