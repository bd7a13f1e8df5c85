import { proven, type EventRule } from '../context.ts';
import { partitionsFinding, repartitioned } from '../partitions.ts';
import { recordWitness } from '../records.ts';

export const partitionsLowered: EventRule = {
  id: 'partitions-lowered',
  purpose: 'A topic has fewer partitions. Kafka cannot lower their number, so it is a new topic without old events.',
  level: 'wire',
  *check(context) {
    for (const topic of repartitioned(context)) {
      const { pair, before, after } = topic;
      if (after >= before) continue;
      const witness = recordWitness(
        'old',
        { topic: pair.old.name, partition: after },
        '/partition',
        'the old version has this partition, and the new one does not',
      );
      yield proven(partitionsFinding(context, topic, 'partitions-lowered'), witness);
    }
  },
};
