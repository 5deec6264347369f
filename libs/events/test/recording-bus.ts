import type { EventBus } from '../src/bus.js';
import type { BusMessage } from '../src/event.js';

type Publisher = Pick<EventBus, 'publish'>;

/** What has reached the topics, in the order in which it arrived; several publishers may share it. */
export interface Arrivals {
  readonly messages: BusMessage[];
  publisher(around?: (store: () => void, messages: readonly BusMessage[]) => Promise<void>): Publisher;
}

/** A place for messages to arrive. `around` decides when what is published arrives and when that is acknowledged. */
export function createArrivals(): Arrivals {
  const messages: BusMessage[] = [];
  return {
    messages,
    publisher: (around = async (store) => store()) => ({ publish: (batch) => around(() => void messages.push(...batch), batch) }),
  };
}

/** A gate that is closed until it is opened. */
export function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
