import { describe, expect, it } from 'vitest';
import { createHealth } from './health.js';
import type { ProviderState } from './types.js';

function setUp() {
  const changes: ProviderState[] = [];
  let healthy = 0;
  const health = createHealth({ tripAfter: 3, onTrip: () => health.go('down'), onChange: (state) => changes.push(state) });
  const forget = health.onHealthy(() => {
    healthy += 1;
  });
  return { health, changes, forget, healthy: () => healthy };
}

describe('the breaker', () => {
  it('trips after so many failures in a row', () => {
    const { health } = setUp();
    health.go('up');
    for (const step of ['bad', 'bad', 'good', 'bad', 'bad'] as const) health[step]();
    expect(health.state).toBe('up');
    health.bad();
    expect(health.state).toBe('down');
  });

  it('is back after one good answer of a trial, down again after one failure', () => {
    const { health, changes } = setUp();
    health.go('trial');
    health.bad();
    health.go('trial');
    health.good();
    expect(changes).toEqual(['trial', 'down', 'trial', 'up']);
  });

  it('counts nothing while it is down or connecting', () => {
    const { health } = setUp();
    for (let n = 0; n < 10; n++) health.bad();
    health.go('up');
    expect(health.state).toBe('up');
  });
});

describe('listeners', () => {
  it('hear of a trial and of its success, until they leave', () => {
    const { health, forget, healthy } = setUp();
    health.go('trial');
    expect(healthy()).toBe(1);
    health.good();
    expect(healthy()).toBe(2);
    health.go('up');
    health.go('down');
    expect(healthy()).toBe(2);
    forget();
    health.go('up');
    expect(healthy()).toBe(2);
  });
});
