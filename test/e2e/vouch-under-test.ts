import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPersonClient, createPlatformClient, type Subject } from '@vouch/client';
import { type DemoFile, readDemoFile } from '@vouch/showcase';

const root = fileURLToPath(new URL('../../', import.meta.url));
const START_WITHIN_MS = 90_000;

/** A way to run the whole of Vouch. */
export interface Mode {
  readonly name: 'embedded' | 'distributed';
  /** Script that starts it, relative to the repository. */
  readonly script: string;
  /** Variables on top of the defaults. */
  readonly env: Readonly<Record<string, string>>;
}

/** A whole Vouch in processes of its own, with a data folder of its own. */
export class VouchUnderTest implements AsyncDisposable {
  readonly #mode: Mode;
  readonly #env: Record<string, string>;
  readonly dataDir: string;
  #process: ChildProcess | undefined;
  #demo: DemoFile | undefined;

  private constructor(mode: Mode, dataDir: string, env: Record<string, string>) {
    this.#mode = mode;
    this.dataDir = dataDir;
    this.#env = env;
  }

  static async start(mode: Mode, env: Record<string, string> = {}): Promise<VouchUnderTest> {
    const vouch = new VouchUnderTest(mode, await mkdtemp(join(tmpdir(), `vouch-${mode.name}-`)), env);
    await vouch.start();
    return vouch;
  }

  /** Starts the processes and waits until Vouch says that it is ready. */
  async start(): Promise<void> {
    await rm(join(this.dataDir, 'demo.json'), { force: true });
    const child = spawn(process.execPath, [join(root, this.#mode.script)], {
      cwd: this.dataDir,
      // A group of its own, so that kill -9 reaches every process of it.
      detached: true,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        VOUCH_DATA_DIR: this.dataDir,
        VOUCH_HTTP_PORT: '0',
        VOUCH_GRPC_PORT: '0',
        VOUCH_ISSUER_PORT: '0',
        VOUCH_REGISTRY_PORT: '0',
        VOUCH_REGISTRY_PROFILE: 'instant',
        VOUCH_LOG_PRETTY: 'false',
        ...this.#mode.env,
        ...this.#env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const log = createWriteStream(this.logFile, { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code) => reject(new Error(`Vouch ended with ${code} while it started; see its log`)));
    });
    ended.catch(() => undefined);
    this.#demo = await Promise.race([this.#ready(), ended]).catch(async (failure: Error) => {
      throw new Error(`${failure.message}\n${(await this.log()).slice(-4000)}`, { cause: failure });
    });
  }

  async #ready(): Promise<DemoFile> {
    const until = Date.now() + START_WITHIN_MS;
    while (Date.now() < until) {
      const demo = await readDemoFile(this.dataDir).catch(() => undefined);
      if (
        demo &&
        (await fetch(`${demo.httpUrl}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        ))
      )
        return demo;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('Vouch was not ready in time');
  }

  get logFile(): string {
    return join(this.dataDir, 'output.log');
  }

  /** Everything that was printed so far. */
  log(): Promise<string> {
    return readFile(this.logFile, 'utf8').catch(() => '');
  }

  get demo(): DemoFile {
    if (!this.#demo) throw new Error('Vouch is not running');
    return this.#demo;
  }

  platform(credentials = this.demo.platform) {
    return createPlatformClient(this.demo, credentials);
  }

  person(person: Subject) {
    return createPersonClient(this.demo, this.demo.guardian, person);
  }

  /** Ends every process at once, as a power cut of the machine's processes would. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks for a clean stop; returns the exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
    return exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
