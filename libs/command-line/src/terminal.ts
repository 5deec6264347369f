/** Where a command writes: what it was asked for goes out, what goes on to the person. */
export interface Terminal {
  /** Resolves when it is written. */
  out(text: string | Uint8Array): Promise<void>;
  /** A line for the person. */
  say(line: string): void;
  /** A line in place of the last one shown so; where there is no screen nothing is shown. */
  show(line: string): void;
  /** Whether lines can be shown in place of each other. */
  readonly live: boolean;
  /** Characters of a line. */
  readonly columns: number;
}

/** The process's own terminal. */
export function createTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  const live = stderr.isTTY === true;
  let shown = false;
  return {
    live,
    get columns() {
      return stderr.columns ?? 80;
    },
    out: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (failure) => (failure ? reject(failure) : resolve()));
      }),
    say(line) {
      stderr.write(`${shown ? '\r\x1b[2K' : ''}${line}\n`);
      shown = false;
    },
    show(line) {
      if (!live) return;
      stderr.write(`\r\x1b[2K${line}`);
      shown = true;
    },
  };
}
