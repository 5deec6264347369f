import { expect, it } from 'vitest';
import { countSpans } from './count-spans.js';

const field = (number: number, content: readonly number[]): number[] => [number * 8 + 2, content.length, ...content];
const span = field(2, field(5, [1, 2, 3]));

it('counts the spans of all scopes of all resources', () => {
  const scope = (spans: number) => field(2, [...field(1, field(1, [65])), ...Array.from({ length: spans }, () => span).flat()]);
  const resource = (content: readonly number[]) => field(1, [...field(1, field(2, [9])), ...content]);
  const message = [...resource([...scope(2), ...scope(1)]), ...resource(scope(3))];
  expect(countSpans(Uint8Array.from(message))).toBe(6);
});

it('counts none in nothing', () => expect(countSpans(new Uint8Array())).toBe(0));

it('refuses what is cut short', () => expect(() => countSpans(Uint8Array.from([10]))).toThrow(/cut short/));
