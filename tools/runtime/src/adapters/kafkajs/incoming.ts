import kafkajs, { type EachBatchPayload, type IHeaders, type KafkaMessage } from 'kafkajs';
import { RejoinGroup, type IncomingBatch, type IncomingRecord } from '../../ports/kafka.ts';

/** A partition's records of one fetch. `current` tells whether the member has not joined again since then. */
export function incomingBatch(payload: EachBatchPayload, current: () => boolean): IncomingBatch {
  const { topic, partition, messages, highWatermark } = payload.batch;
  let resolved: bigint | undefined;
  const isStale = (): boolean => !current() || !payload.isRunning() || payload.isStale();
  return {
    topic,
    partition,
    highWatermark: BigInt(highWatermark),
    records: messages.map((message) => incomingRecord(topic, partition, message)),
    resolve: (offset) => {
      // after another join the partition may belong to another member
      if (!current()) return;
      resolved = offset;
      payload.resolveOffset(offset.toString());
    },
    commit: async () => {
      if (resolved === undefined || !current()) return;
      const offset = (resolved + 1n).toString();
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    },
    heartbeat: () => payload.heartbeat(),
    isStale,
  };
}

function incomingRecord(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key,
    value: message.value,
    headers: headersOf(message.headers),
    timestamp: timestampOf(message.timestamp),
  };
}

/** The year 10,000. */
const MAX_MILLISECONDS = 253_402_300_800_000;

/** A broker accepts any 64 bits as a timestamp, and -1 means none. */
function timestampOf(milliseconds: string): Date {
  const number = Number(milliseconds);
  return new Date(number >= 0 && number < MAX_MILLISECONDS ? number : 0);
}

/** If a header is there several times, the last one counts, like in Java's `lastHeader`. */
function headersOf(headers: IHeaders | undefined): Readonly<Record<string, Uint8Array>> {
  const read: Record<string, Uint8Array> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) read[name] = typeof last === 'string' ? Buffer.from(last) : last;
  }
  return read;
}

/** The error that makes kafkajs join again. Any other error makes it retry or give up. */
export function rebalanceError(cause: unknown): unknown {
  if (!(cause instanceof RejoinGroup)) return cause;
  return new kafkajs.KafkaJSProtocolError(Object.assign(cause, { type: 'REBALANCE_IN_PROGRESS', retriable: true }));
}
