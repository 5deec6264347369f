import { isIPv4, isIPv6 } from 'node:net';

// A call that gets no answer is made three times at most, soon after another, as long as most calls get one.
const REPEATS = {
  retryPolicy: {
    maxAttempts: 3,
    initialBackoff: '0.02s',
    maxBackoff: '0.2s',
    backoffMultiplier: 4,
    retryableStatusCodes: ['UNAVAILABLE'],
  },
};
const REPEATS_BUDGET = { retryThrottling: { maxTokens: 20, tokenRatio: 0.2 } };

/** Where grpc-js connects to, and how it shares calls out among the instances there. */
export interface Target {
  readonly target: string;
  /** gRPC service config, as JSON. */
  readonly serviceConfig: string;
}

/** `/package.Service/Method` of calls that may be made twice. */
export type RepeatablePaths = readonly string[];

/**
 * The target for `host:port`, where a name may stand for several instances, or for several such with IP addresses, separated by commas. Calls
 * go to the instances in turn, round those that cannot be reached. Throws RangeError for several of which one is no IP address with a port.
 */
export function toTarget(address: string, repeatable: RepeatablePaths): Target {
  const each = address.split(',').map((part) => part.trim());
  const one = each.length === 1;
  const config = {
    // With a single IP address there is nothing to choose from.
    ...(one && isAddress(address, isIPv4) ? {} : { loadBalancingConfig: [{ round_robin: {} }] }),
    ...(repeatable.length > 0 ? { methodConfig: [{ name: repeatable.map(toName), ...REPEATS }], ...REPEATS_BUDGET } : {}),
  };
  return { target: one ? address : `${schemeOf(each)}:${each.join(',')}`, serviceConfig: JSON.stringify(config) };
}

function toName(path: string): { service: string; method: string } {
  const [service = '', method = ''] = path.slice(1).split('/');
  return { service, method };
}

function schemeOf(addresses: readonly string[]): 'ipv4' | 'ipv6' {
  if (addresses.every((address) => isAddress(address, isIPv4))) return 'ipv4';
  if (addresses.every((address) => isAddress(address, isIPv6))) return 'ipv6';
  throw new RangeError('Several addresses must be IP addresses of one kind, each with a port; or one name that stands for them all');
}

const isAddress = (address: string, isHost: (text: string) => boolean): boolean => {
  const [, host = ''] = /^\[?([^\]]*)\]?:\d+$/.exec(address) ?? [];
  return isHost(host);
};
