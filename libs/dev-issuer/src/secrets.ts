import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';

/** What the issuer must remember, so that tokens and secrets outlive a restart. */
export interface IssuerSecrets {
  /** ES256 private key. */
  readonly signingKey: JWK;
  /** Key that makes subjects opaque, 32 bytes, base64. */
  readonly subjectKey: string;
  /** Secret per client id. */
  readonly clients: Readonly<Record<string, string>>;
}

const schema = z.object({
  signingKey: z.looseObject({ kty: z.string() }),
  subjectKey: z.string(),
  clients: z.record(z.string(), z.string()),
});

/** Reads the secrets from a file, made on first use and completed for new clients; the file's mode is 0600. */
export async function loadOrCreateSecrets(file: string, clientIds: readonly string[]): Promise<IssuerSecrets> {
  const kept = await read(file);
  const missing = clientIds.filter((id) => kept?.clients[id] === undefined);
  if (kept && missing.length === 0) return kept;
  const secrets: IssuerSecrets = {
    signingKey: kept?.signingKey ?? (await createSigningKey()),
    subjectKey: kept?.subjectKey ?? randomBytes(32).toString('base64'),
    clients: { ...kept?.clients, ...Object.fromEntries(missing.map((id) => [id, randomBytes(24).toString('base64url')])) },
  };
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}.new`;
  await writeFile(next, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, file);
  return secrets;
}

/** Compares two secrets in constant time. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function read(file: string): Promise<IssuerSecrets | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8'))) as IssuerSecrets;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The issuer's secrets in ${file} cannot be read; delete the file to make new ones`, { cause: failure });
  }
}

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' };
}
