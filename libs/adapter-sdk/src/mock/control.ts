import { createHash, timingSafeEqual } from 'node:crypto';
import { type RequestFault, TerminalError } from '@vouch/errors';
import { Faults, type MockControlServiceService } from '@vouch/proto/mock/v1/mock';
import type { Port } from '@vouch/rpc';
import type { Engine } from '../engine.js';
import type { Behaviour } from './behaviour.js';

/** What a control needs. */
export interface ControlOptions {
  readonly behaviour: Behaviour;
  readonly engine: Engine;
  /** Opens or closes the provider's port; resolves when that is done. */
  readonly setListening: (listening: boolean) => Promise<void>;
}

/** The fault control of one mock registry. */
export function createControl({ behaviour, engine, setListening }: ControlOptions): Port<MockControlServiceService> {
  return {
    async setFaults(request) {
      const faults = request.faults ?? Faults.create();
      const errors = faultsOf(faults);
      if (errors.length > 0) throw new TerminalError('request_invalid', { faults: errors });
      behaviour.setFaults(faults);
      await setListening(!faults.refuseConnections);
      return { faults };
    },
    async getFaults() {
      const { queries, findings, faulted } = engine.counts;
      return {
        faults: behaviour.faults(),
        queries: BigInt(queries),
        findings: BigInt(findings),
        faulted: BigInt(faulted),
      };
    },
  };
}

function faultsOf(faults: Faults): RequestFault[] {
  const errors: RequestFault[] = [];
  if (!(faults.errorRate >= 0 && faults.errorRate <= 1)) {
    errors.push({ pointer: '/faults/errorRate', code: 'out_of_range', detail: 'A share from 0 to 1' });
  }
  if (!/^([a-z][a-z0-9_]{0,63})?$/.test(faults.errorCode)) {
    errors.push({
      pointer: '/faults/errorCode',
      code: 'format',
      detail: 'Lower-case letters, digits and underscores',
    });
  }
  return errors;
}

/** Refuses callers that do not bear the control token. How long that takes says nothing about the token. */
export function requireToken(token: string): (metadata: Readonly<Record<string, string>>) => void {
  if (token === '') throw new TypeError('A mock needs a control token');
  const expected = digest(`Bearer ${token}`);
  return (metadata) => {
    if (!timingSafeEqual(digest(metadata.authorization ?? ''), expected)) throw new TerminalError('unauthenticated');
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
