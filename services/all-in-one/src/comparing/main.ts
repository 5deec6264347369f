import { type Comparison, compareSets } from './compare-sets.js';

// A process of its own, forked by `vouch rules diff`: it is sent one comparison, tells how far it is, and at the end what came of it.
process.once('message', (comparison: Comparison) => {
  const send = (message: object): void => void process.send?.(message);
  compareSets(comparison, (done) => send({ done }))
    .then((compared) => send({ compared }))
    .catch((failure: unknown) => send({ failure: failure instanceof Error ? failure.message : String(failure) }))
    .finally(() => process.disconnect());
});
// Nobody waits for the answer any more.
process.once('disconnect', () => process.exit());
