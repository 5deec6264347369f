import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** A block of commands of a document, and what it says that they print; undefined when it says nothing. */
export interface Step {
  readonly commands: string;
  readonly printed: string | undefined;
}

const BLOCK = /```sh\n([\s\S]*?)```(?:\n```text\n([\s\S]*?)```)?/g;

/** The steps of a document: its `sh` blocks, each with the `text` block right behind it. */
export const stepsOf = (file: string): Step[] =>
  [...readFileSync(file, 'utf8').matchAll(BLOCK)].map(([, commands = '', printed]) => ({ commands, printed }));

/** Whether a text is as shown: `…` stands for anything, alone in a line for any lines. */
export function isAsShown(text: string, shown: string): boolean {
  const pattern = shown
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(text);
}

/** Runs commands in a shell; gives what they print, also when the last one fails. */
export async function run(commands: string, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Promise<string> {
  const ran = promisify(execFile)('bash', ['-c', commands], options);
  const { stdout } = await ran.catch((failure: { stdout?: string }) => {
    if (failure.stdout === undefined) throw failure;
    return { stdout: failure.stdout };
  });
  return stdout;
}
