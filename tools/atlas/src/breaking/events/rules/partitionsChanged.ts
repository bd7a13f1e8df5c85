import kafkajs from 'kafkajs';
import type { Witness } from '../../finding.ts';
import type { RuleFinding } from '../../rule.ts';
import { named, noted, proven, receiversOf, type EventRule, type EventsContext, type TopicPair } from '../context.ts';
import { recordWitness } from '../records.ts';

export const partitionsLowered: EventRule = {
  id: 'partitions-lowered',
  purpose: 'A topic has fewer partitions. Kafka cannot lower their number, so it is a new topic without old events.',
  level: 'wire',
  check: (context) => changed(context, (before, after) => after < before),
};

export const partitionsRaised: EventRule = {
  id: 'partitions-raised',
  purpose: 'A topic has more partitions, so events of one key go to another partition and may overtake older ones.',
  level: 'wire',
  check: (context) => changed(context, (before, after) => after > before),
};

function* changed(context: EventsContext, isWanted: (before: number, after: number) => boolean): Iterable<RuleFinding> {
  for (const pair of context.topics) {
    const { old, new: next } = pair;
    const [before, after] = [old.partitions.value, next.partitions.value];
    if (!isWanted(before, after)) continue;
    const consumers = receiversOf(context, old.name);
    const finding = {
      change: after < before ? 'partitions-lowered' : 'partitions-raised',
      message: `${old.name} has ${after} instead of ${before} partitions`,
      old: old.partitions.loc,
      new: next.partitions.loc,
      reaches: [old.name],
      consumers,
      spot: old.name,
      safePath: [
        `keep ${old.name} as it is, and add a topic with ${after} partitions`,
        `let ${named('the consumers', consumers)} read the old topic to its end, and then the new one`,
        'remove the old topic',
      ],
    };
    if (after < before) yield proven(finding, lost(old.name, after));
    else if (!old.key) yield noted(finding);
    else yield proven(finding, [before, after].every(isUsual) ? moved(context, pair) : undefined);
  }
}

/** Specs are hostile: a number of partitions that a topic can have. */
function isUsual(partitions: number): boolean {
  return Number.isInteger(partitions) && partitions >= 1 && partitions <= 10_000;
}

/** A record that the new number of partitions moves to another one. */
function moved({ records, messages }: EventsContext, { old, new: next }: TopicPair): Witness {
  const [before, after] = [old.partitions.value, next.partitions.value];
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

function lost(topic: string, partition: number): Witness {
  return recordWitness(
    'old',
    { topic, partition },
    '/partition',
    'the old version has this partition, and the new one does not',
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
