import { expect, it } from 'vitest';
import { summariseProfile } from './profile.js';

const node = (id: number, functionName: string, url = '', lineNumber = 0) => ({ id, callFrame: { functionName, url, lineNumber } });

it('sums up the self time of packages and functions, of the second half, without idle time', () => {
  const root = 'file:///somewhere/vouch';
  const nodes = [
    node(1, '(idle)'),
    node(2, 'startUp', `${root}/services/all-in-one/dist/service.js`),
    node(3, 'decode', `${root}/proto/gen/x.js`, 9),
    node(4, 'send', `${root}/node_modules/@scope/package/lib/a.js`),
    node(5, '(garbage collector)'),
  ];
  const samples = [2, 2, 1, 2, 2, 3, 3, 1, 4, 5];
  const summary = summariseProfile({ nodes, samples, timeDeltas: samples.map(() => 1_000) });
  expect(summary.busyMs).toBe(4);
  expect(summary.packages).toEqual([
    ['proto/gen', 0.5],
    ['@scope/package', 0.25],
    ['(garbage collector)', 0.25],
  ]);
  expect(summary.functions[0]).toEqual(['decode  proto/gen/x.js:10', 0.5]);
});
