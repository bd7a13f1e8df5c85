import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { assignPartitions } from './assignPartitions.ts';

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;
const VERSION = 0;

/**
 * kafkajs's own assigner hands out the leader's topics alone, to everybody: while a new version with other topics is rolled out, some
 * are read by nobody and some by members that did not ask. This one reads each member's subscription.
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
    // the leader may not read all of them itself
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
