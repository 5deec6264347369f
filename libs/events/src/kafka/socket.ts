import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

/** Sockets as kafkajs makes them, without two nuisances. */
export const createKafkaSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  // kafkajs passes null where TLS is off, whatever its types say.
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // Requests are small and wait for their answers.
  socket.setNoDelay(true);
  // It gives up a socket that is still connecting once per request that waits; Node would warn of a leak on the terminal.
  socket.setMaxListeners(0);
  return socket;
};
