import { silentTracer } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import { createLanes, PEOPLE_BEFORE_ONE_BATCH } from './lanes.js';
import { PendingQuery } from './pending-query.js';
import type { ClaimQuery, Priority } from './types.js';

const waiting = (priority: Priority): PendingQuery => new PendingQuery({} as ClaimQuery, silentTracer.startSpan('test'), priority, 0);

function fill(counts: Readonly<Record<Priority, number>>) {
  const lanes = createLanes();
  for (const priority of ['batch', 'interactive'] as const) for (let n = 0; n < counts[priority]; n++) lanes.add(waiting(priority));
  /** Lets so many go, and says of which lane they were. */
  const go = (times: number): Priority[] =>
    Array.from({ length: times }, () => {
      const turn = lanes.next();
      if (!turn) throw new Error('nobody waits');
      lanes.delete(turn.pending);
      return turn.pending.priority;
    });
  return { lanes, go };
}

describe('lanes', () => {
  it('let people go first, then the batches, each in the order in which they came', () => {
    const lanes = createLanes();
    const all = (['batch', 'interactive', 'batch', 'interactive'] as const).map(waiting);
    for (const pending of all) lanes.add(pending);
    expect([...lanes]).toEqual([all[1], all[3], all[0], all[2]]);
    expect([lanes.size, lanes.sizeOf('batch'), lanes.sizeOf('interactive')]).toEqual([4, 2, 2]);
    expect(lanes.next()).toEqual({ pending: all[1], due: false });
  });

  it('starve no batch: one goes for so many people', () => {
    const { go } = fill({ interactive: 100, batch: 10 });
    const went = go(3 * (PEOPLE_BEFORE_ONE_BATCH + 1));
    expect(went.filter((priority) => priority === 'batch')).toHaveLength(3);
    expect(went.indexOf('batch')).toBe(PEOPLE_BEFORE_ONE_BATCH);
  });

  it('owe nothing to a batch that comes after the people went', () => {
    const { lanes, go } = fill({ interactive: 100, batch: 0 });
    go(PEOPLE_BEFORE_ONE_BATCH + 5);
    lanes.add(waiting('batch'));
    expect(lanes.next()).toMatchObject({ pending: { priority: 'interactive' }, due: false });
  });

  it('have nobody when they are empty', () => {
    expect(createLanes().next()).toBeUndefined();
  });
});
