import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSilence } from './silence.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(patience: number | undefined = 1000) {
  const state = { out: 0, silent: 0, patience: patience as number | undefined };
  const silence = createSilence({
    inFlight: () => state.out,
    fewest: 5,
    patienceMs: () => state.patience,
    onSilent: () => {
      state.silent += 1;
    },
  });
  const send = (count: number): void => {
    state.out += count;
    silence.sent();
  };
  return { state, silence, send };
}

it('is noticed when enough queries were out for the whole of the patience', () => {
  const { state, send } = setUp();
  send(5);
  vi.advanceTimersByTime(999);
  expect(state.silent).toBe(0);
  vi.advanceTimersByTime(501);
  expect(state.silent).toBe(1);
});

it('is not noticed while anything is heard', () => {
  const { state, silence, send } = setUp();
  send(100);
  for (let n = 0; n < 20; n++) {
    vi.advanceTimersByTime(400);
    silence.heard();
  }
  expect(state.silent).toBe(0);
});

it('is not noticed of few, nor of many that were sent a moment ago', () => {
  const { state, send } = setUp();
  send(4);
  vi.advanceTimersByTime(60_000);
  send(50);
  vi.advanceTimersByTime(900);
  expect(state.silent).toBe(0);
});

it('is not noticed of an agency of which nothing is known', () => {
  const { state, send } = setUp();
  state.patience = undefined;
  send(50);
  vi.advanceTimersByTime(60_000);
  expect(state.silent).toBe(0);
});

it('is not looked for when nothing is out', () => {
  const { state, send } = setUp();
  send(5);
  state.out = 0;
  vi.advanceTimersByTime(5_000);
  expect(vi.getTimerCount()).toBe(0);
});
