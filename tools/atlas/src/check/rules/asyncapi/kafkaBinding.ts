import type { Cursor } from '../../../document/cursor.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';

/** The replication factor must fit in a byte. More partitions than this are probably a typing error. */
const MAX_PARTITIONS = 10_000;
const MAX_REPLICAS = 127;
/** KIP-110 and earlier ones. */
const COMPRESSIONS = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'];

export const kafkaBinding: Rule = {
  code: 'ATL3017',
  title: 'invalid Kafka binding',
  explain: {
    why: 'partitions and replicas are whole numbers from 1. Topic settings are plain values, and compression.type is a codec of Kafka. The name of the topic is the address of the channel.',
    bad: 'bindings: { kafka: { partitions: 0 } }',
    good: 'bindings: { kafka: { partitions: 3, replicas: 1 } }',
  },
  *check({ events }) {
    for (const { cursor, address } of events.owned.values()) {
      const kafka = cursor.at('bindings', 'kafka');
      if (!kafka) continue;
      yield* outOfRange(kafka.get('partitions'), 'partitions', MAX_PARTITIONS);
      yield* outOfRange(kafka.get('replicas'), 'replicas', MAX_REPLICAS);
      const topic = kafka.get('topic');
      if (topic && topic.string() !== address)
        yield {
          message: 'the topic in the binding is not the address of the channel',
          loc: topic.valueLoc,
          fix: 'remove topic',
        };
      for (const [key, setting] of kafka.get('topicConfiguration')?.entries() ?? []) {
        const values = Array.isArray(setting.value) ? setting.items() : [setting];
        if (values.some(({ value }) => value === null || typeof value === 'object'))
          yield {
            message: `topic setting ${JSON.stringify(key)} is not a plain value`,
            loc: setting.valueLoc,
            fix: 'write a string, a number, true or false',
          };
        else if (key === 'compression.type' && !COMPRESSIONS.includes(String(setting.value)))
          yield {
            message: `compression.type cannot be ${JSON.stringify(setting.value)}`,
            loc: setting.valueLoc,
            fix: `write one of ${COMPRESSIONS.join(', ')}`,
          };
      }
    }
  },
};

function* outOfRange(cursor: Cursor | undefined, name: string, max: number): Generator<Finding> {
  const value = cursor?.number();
  if (!cursor || (value !== undefined && Number.isInteger(value) && value >= 1 && value <= max)) return;
  yield {
    message: `${name} cannot be ${JSON.stringify(cursor.value)}`,
    loc: cursor.valueLoc,
    fix: `write a whole number from 1 to ${max}`,
  };
}
