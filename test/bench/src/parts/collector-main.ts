import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { countSpans } from './count-spans.js';

// An OTLP collector (HTTP, protobuf) in a process of its own that counts spans and forgets them. GET gives the count.

let spans = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(String(spans));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    spans += countSpans(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
server.listen(Number(process.env.BENCH_PORT), '127.0.0.1');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit());
