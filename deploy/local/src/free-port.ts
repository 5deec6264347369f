import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ports that systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere): there, whoever dials a server that has
// just died may be given the server's own port, connects to itself, and keeps the server from ever listening again.
const LOWEST = 15_000;
const HIGHEST = 32_000;
const MOST_TRIES = 100;
// Of several ports that are asked for before anybody listens, no two are the same.
const given = new Set<number>();

/**
 * A port of the loopback address that nobody listens on now, each time another one. Another process may take it before it is used, so be
 * ready to ask again.
 */
export async function findFreePort(): Promise<number> {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port was found between ${LOWEST} and ${HIGHEST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
