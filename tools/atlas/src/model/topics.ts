import type { Service, Topic } from '@atlas/ir';
import type { ChannelView } from '../read/asyncapi/events.ts';
import type { Cursor } from '../document/cursor.ts';
import type { AtlasConfig } from '../document/workspace.ts';

/** The topic of a channel. */
export function topicOf(channel: ChannelView): Topic {
  const kafka = channel.cursor.at('bindings', 'kafka');
  const description = channel.cursor.get('description')?.string();
  return {
    loc: channel.cursor.loc,
    name: channel.cursor.at('bindings', 'kafka', 'topic')?.string() ?? channel.address ?? channel.key,
    channel: channel.key,
    owner: channel.foreign ?? channel.owner ?? '',
    ...(description === undefined ? {} : { description }),
    partitions: kafka?.get('partitions')?.number() ?? 1,
    replicas: kafka?.get('replicas')?.number() ?? 1,
    config: topicConfig(kafka?.get('topicConfiguration')),
    kind: channel.foreign === undefined ? 'events' : 'foreign',
  };
}

/** `topicConfiguration` as Kafka needs it: strings, lists joined by commas, keys sorted. */
function topicConfig(cursor: Cursor | undefined): Readonly<Record<string, string>> {
  const pairs = (cursor?.entries() ?? []).map(([key, value]): [string, string] => [
    key,
    Array.isArray(value.value)
      ? value
          .items()
          .map((item) => String(item.value))
          .join(',')
      : String(value.value),
  ]);
  return Object.fromEntries(pairs.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Name of a service's dead-letter topic. */
export function dlqName(config: AtlasConfig, service: string): string {
  return config.dlq.replaceAll('{service}', () => service);
}

/** The dead-letter topic of a service. It keeps records forever, with as many replicas as any topic that it reads. */
export function dlqTopicOf(service: Service, name: string, read: readonly Topic[]): Topic {
  return {
    loc: service.loc,
    name,
    channel: 'dlq',
    owner: service.name,
    description: `Messages that ${service.name} could not handle, with their bytes.`,
    partitions: 1,
    replicas: Math.max(1, ...read.map(({ replicas }) => replicas)),
    config: { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
    kind: 'dead-letters',
  };
}
