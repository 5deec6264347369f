import { MockControlServiceService, SetFaultsRequest as SetFaults, type SetFaultsRequest } from '@vouch/proto/mock/v1/mock';
import { dial } from '@vouch/rpc';
import type { DemoFile } from '@vouch/showcase';
import { silentTracer } from '@vouch/telemetry';

/** Sets what is wrong with a mock registry; nothing set heals it. */
export async function setFaults(demo: DemoFile, agency: string, faults: SetFaultsRequest['faults']): Promise<void> {
  const address = demo.registryControls[agency];
  if (address === undefined) throw new Error(`No fault control for ${agency}`);
  await using control = dial(MockControlServiceService, {
    address,
    tracer: silentTracer,
    metadata: { authorization: `Bearer ${demo.mockControlToken}` },
  });
  await control.setFaults(SetFaults.create({ faults }), { signal: AbortSignal.timeout(5_000) });
}
