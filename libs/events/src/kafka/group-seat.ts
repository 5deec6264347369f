import { type Broker, type Cluster, type PartitionAssigner, PartitionAssigners } from 'kafkajs';
import { within } from '../within.js';

/** The place of a subscription in its group, which outlives the consumers that take it one after the other. */
export interface GroupSeat {
  /** Round robin, as kafkajs does by itself. */
  readonly assigner: PartitionAssigner;
  /** Notes under which member id the consumer joined. */
  taken(memberId: string): void;
  /** Notes that the consumer has left in good order, or tried to. */
  left(): void;
  /**
   * Says good-bye for a consumer that could not, because the broker was gone; call it once the next one is connected. Without it the
   * group waits for the lost member until its session ends.
   */
  clear(): Promise<void>;
}

const CLEAR_WITHIN_MS = 2_000;

/** A seat that nobody has taken yet. */
export function createGroupSeat(groupId: string): GroupSeat {
  let cluster: Cluster | undefined;
  let lost: string | undefined;
  let current: string | undefined;
  return {
    // An assigner is given the cluster: the one way that kafkajs has to a coordinator.
    assigner: (config) => {
      cluster = config.cluster;
      return PartitionAssigners.roundRobin(config);
    },
    taken(memberId) {
      current = memberId;
    },
    left() {
      lost = current;
      current = undefined;
    },
    async clear() {
      if (lost === undefined || cluster === undefined) return;
      const memberId = lost;
      lost = undefined;
      const leave = async (known: Cluster) => {
        const coordinator = (await known.findGroupCoordinator({ groupId })) as Broker & { leaveGroup(member: object): Promise<unknown> };
        await coordinator.leaveGroup({ groupId, memberId });
      };
      // Mostly refused, since the member did leave; and what fails costs no more than the wait for the session.
      await within(CLEAR_WITHIN_MS, 'Leaving for a lost member', leave(cluster)).catch(() => undefined);
    },
  };
}
