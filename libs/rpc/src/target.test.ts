import { expect, it } from 'vitest';
import { toTarget } from './target.js';

const configOf = (address: string, repeatable: string[] = []) => JSON.parse(toTarget(address, repeatable).serviceConfig);

it('takes one address as it is', () => {
  expect(toTarget('127.0.0.1:50071', []).target).toBe('127.0.0.1:50071');
  expect(configOf('127.0.0.1:50071')).toEqual({});
});

it('shares calls out among the instances that a name stands for, and among several addresses', () => {
  for (const address of ['consent:50071', '127.0.0.1:1, 127.0.0.1:2', '[::1]:1,[::1]:2']) {
    expect(configOf(address)).toEqual({ loadBalancingConfig: [{ round_robin: {} }] });
  }
  expect(toTarget('127.0.0.1:1, 127.0.0.1:2', []).target).toBe('ipv4:127.0.0.1:1,127.0.0.1:2');
  expect(toTarget('[::1]:1,[::1]:2', []).target).toBe('ipv6:[::1]:1,[::1]:2');
});

it('takes no list of names', () => {
  for (const address of ['one:1,two:2', '127.0.0.1:1,two:2', '127.0.0.1,127.0.0.2', '127.0.0.1:1,[::1]:2']) {
    expect(() => toTarget(address, [])).toThrow(RangeError);
  }
});

it('repeats the calls that it is told', () => {
  const [rule] = configOf('127.0.0.1:1', ['/vouch.consent.v1.RedemptionService/GetBasis']).methodConfig;
  expect(rule).toMatchObject({
    name: [{ service: 'vouch.consent.v1.RedemptionService', method: 'GetBasis' }],
    retryPolicy: { retryableStatusCodes: ['UNAVAILABLE'] },
  });
});
