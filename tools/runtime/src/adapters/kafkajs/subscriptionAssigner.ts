import kafkajs, { type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;
const VERSION = 0;

/**
 * kafkajs's own assigner assigns only the leader's topics, and to all members. During the rollout of a version with
 * other topics, some topics would have no reader, and some members would get topics that they do not read. This
 * assigner looks at each member's subscription.
 */
export const subscriptionAssigner: PartitionAssigner = ({ cluster }) => ({
  name: 'AtlasSubscriptions',
  version: VERSION,
  assign: async ({ members }) => {
    const group = members.map(({ memberId, memberMetadata }) => ({
      id: memberId,
      topics: MemberMetadata.decode(memberMetadata)?.topics ?? [],
    }));
    const topics = [...new Set(group.flatMap((member) => member.topics))];
    // the leader itself may not read all of them
    await cluster.addMultipleTargetTopics(topics);
    const partitions = new Map(
      topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
    );
    return Array.from(assignPartitions(group, partitions), ([memberId, assignment]) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
    }));
  },
  protocol: ({ topics }) => ({
    name: 'AtlasSubscriptions',
    metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
  }),
});

/** A member of a consumer group and the topics that it subscribes to, which may differ from the leader's. */
export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
}

/**
 * Gives each partition to the member with the fewest partitions so far, among those that read its topic. The order of
 * ids breaks ties, so that every leader makes the same decision.
 */
export function assignPartitions(
  members: readonly GroupMember[],
  partitions: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, Readonly<Record<string, number[]>>> {
  const byId = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const loads = byId.map(({ id, topics }) => ({ id, topics: new Set(topics), load: 0, given: emptyTopics() }));
  for (const [topic, numbers] of [...partitions].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const readers = loads.filter(({ topics }) => topics.has(topic));
    for (const number of numbers.toSorted((a, b) => a - b)) {
      const [target] = readers.toSorted((a, b) => a.load - b.load);
      if (!target) break;
      target.load += 1;
      (target.given[topic] ??= []).push(number);
    }
  }
  return new Map(loads.map(({ id, given }) => [id, given]));
}

function emptyTopics(): Record<string, number[]> {
  return {};
}
