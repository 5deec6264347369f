import { setTimeout as pause } from 'node:timers/promises';
import type { Batch, BatchClient } from '@vouch/client';
import { again, FIRST_CONTACT_MS, LATER_CONTACT_MS } from './again.js';
import { EXIT } from './failure.js';
import { toProgressLine } from './progress-line.js';
import type { Terminal } from './terminal.js';

const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 10_000;
const PLAIN_COLUMNS = 80;

/** Shows how far a batch is until it has ended; returns the exit status. Where there is no screen, a line every ten seconds. */
export async function watch(client: BatchClient, terminal: Terminal, id: string): Promise<number> {
  let saidAt = 0;
  let said: Batch['status'] | undefined;
  for (;;) {
    const batch = await again(terminal, () => client.read(id), said ? LATER_CONTACT_MS : FIRST_CONTACT_MS);
    const { status } = batch;
    const ended = status === 'complete' || status === 'cancelled';
    if (ended || (!terminal.live && (status !== said || Date.now() - saidAt >= SAY_EVERY_MS))) {
      terminal.say(toProgressLine(batch, terminal.live ? terminal.columns : PLAIN_COLUMNS));
      saidAt = Date.now();
    } else terminal.show(toProgressLine(batch, terminal.columns));
    said = status;
    if (ended) return exitOf(batch);
    await pause(LOOK_EVERY_MS);
  }
}

function exitOf({ status, rows }: Batch): number {
  if (status === 'cancelled') return EXIT.cancelled;
  return rows.failed > 0 ? EXIT.rowsFailed : EXIT.ok;
}
