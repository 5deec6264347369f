import { readLookups } from '../lookups/lookup-file.js';
import { type Ask, drive } from './drive.js';
import { createHttpAsk } from './http.js';
import type { Order, Report, Target } from './messages.js';
import { createStreamByHand } from './stream.js';
import { createUnaryByHand } from './unary.js';

// A process of its own that makes lookups. For the rows without HTTP it is also what is measured.

let ask: Ask | undefined;

async function connect(file: string, target: Target): Promise<void> {
  const lookups = await readLookups(file);
  if (target.kind === 'http') {
    ask = createHttpAsk(target.url, target.token, lookups).ask;
    return;
  }
  const byHand = target.kind === 'unary' ? createUnaryByHand(target.addresses) : createStreamByHand(target.addresses);
  ask = async (index) => {
    const lookup = lookups[index];
    if (!lookup) throw new Error(`There is no lookup ${index}`);
    await byHand.ask(lookup);
    return '';
  };
}

async function follow(order: Order): Promise<Report> {
  if (order.do === 'connect') {
    await connect(order.file, order.target);
    return { done: 'connect' };
  }
  if (!ask) throw new Error('The driver is not connected');
  return { done: 'drive', driven: await drive(ask, order.plan) };
}

const say = (report: Report): void => void process.send?.(report);

process.on('message', (order: Order) => {
  follow(order).then(say, (failure: unknown) => say({ done: 'failed', message: String(failure) }));
});
process.on('disconnect', () => process.exit());
