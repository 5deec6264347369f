import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LocalConfig } from './config.js';
import { MissingPartError } from './missing-part.js';

const run = promisify(execFile);

/** What starts a broker: a Java command and the folder with Kafka's jars. */
export interface KafkaArtifacts {
  readonly java: string;
  readonly libs: string;
}

const KAFKA_FOLDER = fileURLToPath(new URL('../kafka', import.meta.url));
const LEAST_JAVA = 17;
const JAVA_REMEDY = 'Install Java 17 or newer (for example: apt install openjdk-17-jre-headless), or set JAVA_HOME.';
const MAVEN_REMEDY = 'Install Maven (for example: apt install maven); it fetches the Kafka broker from Maven Central once.';
const LOCK_IS_STALE_MS = 10 * 60_000;

/** Finds Java, and fetches Kafka's jars with Maven unless they are here already. `folder` has the pom.xml and gets the jars. */
export async function findKafkaArtifacts(
  config: LocalConfig,
  log: (line: string) => void,
  folder: string = KAFKA_FOLDER,
): Promise<KafkaArtifacts> {
  const java = await findJava(config.javaHome);
  const libs = join(folder, 'libs');
  const pom = await readFile(join(folder, 'pom.xml'));
  const wanted = createHash('sha256').update(pom).digest('hex');
  if ((await fetchedFor(libs)) !== wanted) await fetchOnce(folder, libs, wanted, log);
  return { java, libs };
}

async function findJava(javaHome: string | undefined): Promise<string> {
  const found: string[] = [];
  for (const command of [...(javaHome ? [join(javaHome, 'bin', 'java')] : []), 'java']) {
    try {
      const { stderr, stdout } = await run(command, ['-version']);
      const version = /version "(?:1\.)?(\d+)/.exec(`${stderr}${stdout}`)?.[1];
      if (Number(version) >= LEAST_JAVA) return command;
      found.push(`${command} is version ${version ?? 'unknown'}`);
    } catch {
      // Not there: the next place may have it.
    }
  }
  throw new MissingPartError(found.length > 0 ? `Java is too old: ${found.join(', ')}` : 'Java was not found', JAVA_REMEDY);
}

/** The checksum of the pom that the jars were fetched for; it is written last, inside the folder. */
async function fetchedFor(libs: string): Promise<string | undefined> {
  return readFile(join(libs, 'pom.sha256'), 'utf8').catch(() => undefined);
}

/** Fetches into a folder beside the place and renames it; of several processes one fetches, the others wait for it. */
async function fetchOnce(folder: string, libs: string, wanted: string, log: (line: string) => void): Promise<void> {
  const lock = `${libs}.lock`;
  while (!(await takeLock(lock))) {
    await delay(200);
    if ((await fetchedFor(libs)) === wanted) return;
  }
  try {
    if ((await fetchedFor(libs)) === wanted) return;
    log('Fetching the Kafka broker from Maven Central (54 MB, once) …');
    const draft = `${libs}.new`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await runMaven(folder, draft);
    await writeFile(join(draft, 'pom.sha256'), wanted);
    await rm(libs, { recursive: true, force: true });
    await rename(draft, libs);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const age = await stat(lock).then(
      (stats) => Date.now() - stats.mtimeMs,
      () => 0,
    );
    if (age > LOCK_IS_STALE_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function runMaven(folder: string, into: string): Promise<void> {
  const args = [
    '-q',
    '-B',
    '-f',
    join(folder, 'pom.xml'),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${into}`,
    '-DincludeScope=runtime',
  ];
  try {
    await run('mvn', args, { timeout: LOCK_IS_STALE_MS, maxBuffer: 16 * 1024 * 1024 });
  } catch (failure) {
    const { code, stdout } = failure as { code?: unknown; stdout?: string };
    if (code === 'ENOENT') throw new MissingPartError('Maven was not found', MAVEN_REMEDY);
    const lines = (stdout ?? '').split('\n').filter((line) => line.includes('ERROR'));
    throw new MissingPartError(
      `Maven could not fetch the Kafka broker: ${lines[0] ?? String(failure)}`,
      'Look at the network and at Maven’s settings (~/.m2/settings.xml), or set KAFKA_BROKERS.',
    );
  }
}
