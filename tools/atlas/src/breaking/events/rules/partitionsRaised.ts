import kafkajs from 'kafkajs';
import type { Witness } from '../../finding.ts';
import { noted, proven, type EventRule, type EventsContext } from '../context.ts';
import { partitionsFinding, repartitioned, type Repartitioned } from '../partitions.ts';
import { recordWitness } from '../records.ts';

export const partitionsRaised: EventRule = {
  id: 'partitions-raised',
  purpose: 'A topic has more partitions, so events of one key go to another partition and may overtake older ones.',
  level: 'wire',
  *check(context) {
    for (const topic of repartitioned(context)) {
      const { pair, before, after } = topic;
      if (after <= before) continue;
      const finding = partitionsFinding(context, topic, 'partitions-raised');
      if (!pair.old.key) yield noted(finding);
      else yield proven(finding, [before, after].every(isUsual) ? moved(context, topic) : undefined);
    }
  },
};

/** Whether a topic can have so many partitions. Specs are hostile, so a number may be any. */
function isUsual(partitions: number): boolean {
  return Number.isInteger(partitions) && partitions >= 1 && partitions <= 10_000;
}

/** A record that the new number of partitions moves to another one. */
function moved({ records, messages }: EventsContext, { pair: { old }, before, after }: Repartitioned): Witness {
  let key = '0';
  for (let tried = 1; partitionOf(key, before) === partitionOf(key, after); tried++) key = String(tried);
  const partition = partitionOf(key, before);
  const message = messages.find(({ topics }) => topics.old === old)?.old;
  const { headers } = message ? records.old.of(old, message) : {};
  return recordWitness(
    'old',
    { topic: old.name, partition, key, ...(headers ? { headers } : {}) },
    '/partition',
    `the old version writes this record to its partition, and the new one to partition ${partitionOf(key, after)}`,
  );
}

/** The partition that Java's default partitioner gives a key, as Kafka clients do. */
function partitionOf(key: string, count: number): number {
  const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return kafkajs.Partitioners.DefaultPartitioner()({
    topic: '',
    partitionMetadata,
    message: { key, value: null },
  });
}
