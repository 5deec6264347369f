import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { toUpload } from './upload.js';

/** A request whose client sends this much of a body of so many bytes, and then goes away. */
async function cutRequest(sent: Buffer, length: number): Promise<IncomingMessage> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`);
  client.write(sent);
  const [raw] = (await once(server, 'request')) as [IncomingMessage];
  raw.on('error', () => undefined);
  setImmediate(() => client.resetAndDestroy());
  return raw;
}

async function readAll(raw: IncomingMessage, encoding: string): Promise<number> {
  let bytes = 0;
  for await (const piece of toUpload(raw, encoding).bytes) bytes += piece.length;
  return bytes;
}

const BODY = gzipSync(Buffer.alloc(100_000, 'row'));

it.each([
  ['in the middle', 'gzip', BODY.subarray(0, 20)],
  ['in the middle', 'identity', BODY.subarray(0, 20)],
  ['after its last byte', 'gzip', BODY],
  ['after its last byte', 'identity', BODY],
])('an upload that was cut %s before anybody read it is told so (%s)', async (_when, encoding, sent) => {
  const raw = await cutRequest(sent, BODY.length);
  await new Promise((resolve) => raw.once('close', resolve));
  await expect(readAll(raw, encoding)).rejects.toThrow();
});

it.each(['gzip', 'identity'])('an upload that is cut while it is read is told so (%s)', async (encoding) => {
  const raw = await cutRequest(BODY.subarray(0, 20), BODY.length);
  await expect(readAll(raw, encoding)).rejects.toThrow();
});
