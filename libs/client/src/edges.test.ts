import { expect, it } from 'vitest';
import { createEdges } from './edges.js';

const lost = () => Promise.reject(new TypeError('fetch failed'));

it('takes instances in turn', () => {
  const edges = createEdges(['a', 'b', 'c']);
  expect([1, 2, 3, 4].map(() => edges.next())).toEqual(['a', 'b', 'c', 'a']);
});

it('goes to the next instance when one cannot be reached, and leaves that one out for a while', async () => {
  let time = 0;
  const edges = createEdges(['a', 'b'], () => time);
  const tried: string[] = [];
  const work = (base: string) => {
    tried.push(base);
    return base === 'a' ? lost() : Promise.resolve(base);
  };
  expect(await edges.reach(work)).toBe('b');
  expect(await edges.reach(work)).toBe('b');
  expect(await edges.reach(work)).toBe('b');
  expect(tried).toEqual(['a', 'b', 'b', 'b']);
  time = 1_000;
  await edges.reach(work);
  await edges.reach(work);
  expect(tried.slice(4)).toContain('a');
});

it('tries a single instance twice: a kept connection may have been closed under the first try', async () => {
  let tries = 0;
  const edges = createEdges('a');
  expect(await edges.reach(() => (++tries === 1 ? lost() : Promise.resolve('answer')))).toBe('answer');
});

it('gives up once every instance was tried, with what went wrong', async () => {
  const tried: string[] = [];
  const work = (base: string) => {
    tried.push(base);
    return lost();
  };
  await expect(createEdges(['a', 'b']).reach(work)).rejects.toThrow('fetch failed');
  expect(tried.sort()).toEqual(['a', 'a', 'b']);
});

it('does not repeat what was answered with a refusal, nor what its caller gave up', async () => {
  for (const failure of [new Error('409'), new DOMException('gone', 'AbortError')]) {
    let tries = 0;
    const refused = createEdges(['a', 'b']).reach(() => {
      tries += 1;
      return Promise.reject(failure);
    });
    await expect(refused).rejects.toBe(failure);
    expect(tries).toBe(1);
  }
});
