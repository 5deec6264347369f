import { startDriver } from '../driver/driver.js';
import { nodeArgs, type Row } from './row.js';

const byHand = (name: string, title: string, kind: 'unary' | 'stream'): Row => ({
  name,
  title,
  async start(ground) {
    const target = { kind, addresses: ground.registries.addresses };
    const driver = await startDriver(target, ground.lookupFile, nodeArgs(ground));
    return {
      driver,
      processes: { caller: [driver.pid] },
      drained: async () => undefined,
      check: async () => undefined,
      [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
    };
  },
});

export const bare = byHand('bare', 'four parallel unary calls, no HTTP', 'unary');
export const bareStream = byHand('bare-stream', 'the same over streams, batched by hand, no HTTP', 'stream');
