import type { Lookup } from '../lookups/lookup.js';
import { readLookups } from '../lookups/lookup-file.js';
import { createBatchDrive } from './batches.js';
import { type Ask, type Drive, type Driven, drive } from './drive.js';
import { createHttpAsk } from './http.js';
import type { ByHand, Order, Report, Target } from './messages.js';
import { createStreamByHand } from './stream.js';
import { createUnaryByHand } from './unary.js';

// A process of its own that makes lookups. For the rows without HTTP it is also what is measured.

let follow: ((plan: Drive) => Promise<Driven>) | undefined;

async function connect(file: string, target: Target): Promise<void> {
  const lookups = await readLookups(file);
  if (target.kind === 'batches') {
    follow = createBatchDrive(target.url, target.token, lookups);
    return;
  }
  const ask = 'addresses' in target ? askByHand(target, lookups) : createHttpAsk(target, lookups).ask;
  follow = (plan) => drive(ask, plan);
}

function askByHand(target: ByHand, lookups: readonly Lookup[]): Ask {
  const byHand = target.kind === 'unary' ? createUnaryByHand(target.addresses) : createStreamByHand(target.addresses);
  return async (index) => {
    const lookup = lookups[index];
    if (!lookup) throw new Error(`There is no lookup ${index}`);
    await byHand.ask(lookup);
    return '';
  };
}

async function obey(order: Order): Promise<Report> {
  if (order.do === 'connect') {
    await connect(order.file, order.target);
    return { done: 'connect' };
  }
  if (!follow) throw new Error('The driver is not connected');
  return { done: 'drive', driven: await follow(order.plan) };
}

const say = (report: Report): void => void process.send?.(report);

process.on('message', (order: Order) => {
  obey(order).then(say, (failure: unknown) => say({ done: 'failed', message: String(failure) }));
});
process.on('disconnect', () => process.exit());
