import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRowSlots, roomFor } from './row-slots.js';

const NEVER = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Slots, and who has entered them so far. */
function setup(most: number, mostOf: (platform: string) => number = () => 1_000) {
  const room = { load: 0 };
  const slots = createRowSlots(most, { peoplesLoad: () => room.load, mostOf });
  const entered: string[] = [];
  const refused: string[] = [];
  const enter = (platform: string, name = platform, stop = NEVER): void => {
    void slots.enter(platform, stop).then((in_) => (in_ ? entered : refused).push(name));
  };
  const seen = async (): Promise<number> => {
    await vi.advanceTimersByTimeAsync(0);
    return entered.length;
  };
  return { room, slots, entered, refused, enter, seen };
}

it('gives way to people, and never wholly', () => {
  expect([0, 0.005, 0.095, 0.955].map((load) => roomFor(96, load))).toEqual([96, 48, 4.8, 0.5]);
});

it('lets as many in as there is room for at the moment, in their order', async () => {
  const { room, slots, entered, enter, seen } = setup(8);
  for (let name = 1; name <= 12; name += 1) enter('one', String(name));
  await seen();
  expect(entered).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  room.load = 0.005;
  for (let left = 0; left < 4; left += 1) slots.leave('one');
  expect(await seen()).toBe(8);
  slots.leave('one');
  expect(await seen()).toBe(9);
  room.load = 0;
  slots.leave('one');
  expect(await seen()).toBe(12);
});

it('lets one in after another, however busy people are and however long each takes, but no more than ever', async () => {
  const { room, enter, seen } = setup(8);
  room.load = 5;
  for (let name = 1; name <= 12; name += 1) enter('one');
  expect(await seen()).toBe(1);
  await vi.advanceTimersByTimeAsync(350);
  expect(await seen()).toBe(4);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await seen()).toBe(8);
});

it('rests after a row for as much longer than it took as people ask, but never for long', async () => {
  const { room, slots, enter, seen } = setup(100);
  const rest = async (tookMs: number): Promise<number> => {
    const before = await seen();
    enter('one');
    for (let waited = 0; ; waited += 1) {
      if ((await seen()) > before) {
        await vi.advanceTimersByTimeAsync(tookMs);
        slots.leave('one');
        return waited;
      }
      await vi.advanceTimersByTimeAsync(1);
    }
  };
  // Room for half a row.
  room.load = 0.995;
  await rest(10);
  expect(await rest(10)).toBe(10);
  expect(await rest(200)).toBe(10);
  expect(await rest(10)).toBe(0);
  // For a hundredth.
  room.load = 50;
  expect(await rest(10)).toBe(90);
  room.load = 0;
  expect(await rest(10)).toBe(0);
});

it('notices by itself that people have gone', async () => {
  const { room, enter, seen } = setup(8);
  room.load = 5;
  for (let name = 1; name <= 8; name += 1) enter('one');
  expect(await seen()).toBe(1);
  room.load = 0;
  await vi.advanceTimersByTimeAsync(100);
  expect(await seen()).toBe(8);
});

it('keeps nobody waiting who has been stopped', async () => {
  const { room, slots, entered, refused, enter, seen } = setup(8);
  room.load = 5;
  const stop = new AbortController();
  enter('one', 'first');
  enter('one', 'stopped', stop.signal);
  enter('two', 'last');
  stop.abort();
  await vi.advanceTimersByTimeAsync(100);
  expect([entered, refused]).toEqual([['first', 'last'], ['stopped']]);
  slots.leave('one');
  slots.leave('two');
  enter('one', 'again');
  expect(await seen()).toBe(3);
});

it('keeps each platform to its own bound, and lets others in past one that is at it', async () => {
  const most: Record<string, number> = { small: 2, large: 100 };
  const { slots, entered, enter, seen } = setup(5, (platform) => most[platform] ?? 0);
  for (const platform of ['small', 'small', 'small', 'small', 'large', 'large', 'large', 'large']) enter(platform);
  await seen();
  expect(entered).toEqual(['small', 'small', 'large', 'large', 'large']);
  slots.leave('large');
  await seen();
  expect(entered.at(-1)).toBe('large');
  slots.leave('small');
  await seen();
  expect(entered.slice(6)).toEqual(['small']);
});

it('lets one row of a platform in that uses up its bound by itself', async () => {
  const { slots, enter, seen } = setup(5, () => -3);
  enter('one');
  enter('one');
  expect(await seen()).toBe(1);
  slots.leave('one');
  expect(await seen()).toBe(2);
});
