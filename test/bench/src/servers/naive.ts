import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Addresses } from '../driver/queries.js';
import { createUnaryByHand } from '../driver/unary.js';
import { toAnswer } from './answer.js';
import { type Body, listen, told } from './listen.js';

// What people write: a token, a consent row, four unary calls, a transaction a lookup, a send a lookup. Everything with the defaults of its
// library.

const byHand = createUnaryByHand(JSON.parse(told('BENCH_REGISTRIES')) as Addresses);
const issuer = told('BENCH_ISSUER');
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
const pool = new pg.Pool({ connectionString: told('DATABASE_URL') });
const producer = new Kafka({ brokers: told('KAFKA_BROKERS').split(','), logLevel: logLevel.NOTHING }).producer();
await producer.connect();
const topic = told('BENCH_TOPIC');
const app = fastify();

interface Consent {
  readonly platform: string;
  readonly purpose: string;
  readonly status: string;
  readonly valid_until: Date;
}

async function transaction(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (failure) {
    await client.query('rollback');
    throw failure;
  } finally {
    client.release();
  }
}

app.post<{ Body: Body }>('/v1/verifications', async ({ body, headers }, reply) => {
  const token = headers.authorization?.slice('Bearer '.length) ?? '';
  const { payload } = await jwtVerify(token, keys, { issuer, audience: 'vouch' });
  const { subjects, region, purpose, legalBasis } = body;
  const { consentId } = legalBasis;

  const { rows } = await pool.query<Consent>('select platform, purpose, status, valid_until from consents where id = $1', [consentId]);
  const consent = rows[0];
  const granted = consent?.status === 'granted' && consent.platform === payload.client_id && consent.purpose === purpose;
  if (!granted || consent.valid_until < new Date()) return reply.code(403).send({ code: 'consent' });

  const answer = toAnswer(randomUUID(), region, await byHand.ask({ ...subjects, region }));
  await transaction(async (client) => {
    await client.query('update consents set uses = uses + 1 where id = $1', [consentId]);
    await client.query(
      'insert into verifications (id, platform, purpose, region, consent_id, status, claims) values ($1, $2, $3, $4, $5, $6, $7)',
      [answer.id, payload.client_id, purpose, region, consentId, answer.status, JSON.stringify(answer.claims)],
    );
  });
  const event = { verificationId: answer.id, platform: payload.client_id, region, status: answer.status };
  await producer.send({ topic, acks: -1, messages: [{ key: answer.id, value: JSON.stringify(event) }] });
  return answer;
});

await listen(app);
