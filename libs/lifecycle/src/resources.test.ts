import { expect, it } from 'vitest';
import { createResources } from './resources.js';

it('closes last in, first out, each once', async () => {
  const closed: string[] = [];
  const resources = createResources();
  resources.defer(() => closed.push('first'));
  resources.use({ [Symbol.asyncDispose]: async () => void closed.push('second') });
  await resources[Symbol.asyncDispose]();
  await resources[Symbol.asyncDispose]();
  expect(closed).toEqual(['second', 'first']);
});

it('closes the rest when one close fails, and then throws', async () => {
  const closed: string[] = [];
  const resources = createResources();
  resources.defer(() => closed.push('first'));
  resources.defer(() => {
    throw new Error('stuck');
  });
  await expect(resources[Symbol.asyncDispose]()).rejects.toBeInstanceOf(AggregateError);
  expect(closed).toEqual(['first']);
});

it('hands everything to a new owner, so that a failed start frees what it had opened', async () => {
  const closed: string[] = [];
  const start = async (fails: boolean) => {
    await using opening = createResources();
    opening.defer(() => closed.push('store'));
    if (fails) throw new Error('no broker');
    return opening.move();
  };
  await expect(start(true)).rejects.toThrow('no broker');
  expect(closed).toEqual(['store']);
  const running = await start(false);
  expect(closed).toEqual(['store']);
  await running[Symbol.asyncDispose]();
  expect(closed).toEqual(['store', 'store']);
});
