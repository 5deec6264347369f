import { expect, it } from 'vitest';
import { readAnswer } from './http.js';

const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');

it('reads an answer once all of it is there', () => {
  for (let length = 0; length < answer.length; length += 1) expect(readAnswer(answer.subarray(0, length))).toBeUndefined();
  expect(readAnswer(answer)).toEqual({
    status: 200,
    head: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2',
    body: Buffer.from('{}'),
  });
});

it('refuses one that does not say its length', () => {
  expect(() => readAnswer(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'))).toThrow(/length/);
});
