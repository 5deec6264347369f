import { connect } from 'node:net';

const METADATA = 3;
const METADATA_VERSION = 4;
const PATIENCE_MS = 2_000;

/**
 * Whether a broker really serves: answers a Metadata request, and names at least one broker that clients can use. An open port is
 * not enough, since a broker listens before it has joined its cluster.
 */
export async function answersAsKafka(address: string): Promise<boolean> {
  const answer = await ask(address, metadataRequest());
  // Correlation id (4), throttle time (4), then the number of brokers.
  return answer !== undefined && answer.length >= 12 && answer.readInt32BE(8) > 0;
}

/**
 *   size int32 | key int16 | version int16 | correlation id int32 | client id: length int16, bytes
 *   | topics: count int32 (0: none) | allow auto creation int8
 */
function metadataRequest(): Buffer {
  const client = Buffer.from('vouch');
  const body = Buffer.alloc(10 + client.length + 5);
  body.writeInt16BE(METADATA, 0);
  body.writeInt16BE(METADATA_VERSION, 2);
  body.writeInt32BE(1, 4);
  body.writeInt16BE(client.length, 8);
  client.copy(body, 10);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** The body of the answer, or undefined when there is none. */
function ask(address: string, request: Buffer): Promise<Buffer | undefined> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({ host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) });
    let received = Buffer.alloc(0);
    const finish = (answer?: Buffer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE_MS, () => finish());
    socket.on('error', () => finish());
    socket.on('close', () => finish());
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) finish(received.subarray(4));
    });
  });
}
