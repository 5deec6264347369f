import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import type { Addresses } from '../driver/queries.js';
import { createUnaryByHand } from '../driver/unary.js';
import { toAnswer } from './answer.js';
import { type Body, listen, told } from './listen.js';

// The reference: four unary calls behind Fastify. Nothing is checked and nothing is stored.

const byHand = createUnaryByHand(JSON.parse(told('BENCH_REGISTRIES')) as Addresses);
const app = fastify();

app.post<{ Body: Body }>('/v1/verifications', async ({ body }) => {
  const { subjects, region } = body;
  return toAnswer(randomUUID(), region, await byHand.ask({ ...subjects, region }));
});

await listen(app);
