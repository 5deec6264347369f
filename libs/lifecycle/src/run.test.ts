import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const lifecycle = new URL('../dist/index.js', import.meta.url).href;

/** Runs a start function in a process of its own, which is told to stop once it has started. */
function runProcess(start: string) {
  const script = `import { run } from '${lifecycle}';
    const stop = () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 20);
    await run('example', async () => { ${start} });`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

it('closes what was started when it is told to stop, and exits 0', () => {
  const { status, stdout } = runProcess(
    `stop(); return { async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() { process.stdout.write('closed'); } };`,
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'closed' });
});

it('lets what was started leave before it closes it', () => {
  const { status, stdout } = runProcess(
    `stop(); return {
      async leave() { process.stdout.write('left, '); },
      async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() { process.stdout.write('closed'); },
    };`,
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'left, closed' });
});

it('says why it did not start, causes too and no stack, and exits 1', () => {
  const { status, stderr } = runProcess(`throw new Error('no store', { cause: new Error('the folder is taken') });`);
  expect(status).toBe(1);
  expect(stderr).toBe('example: no store\n  because: the folder is taken\n');
});
