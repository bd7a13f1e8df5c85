import { AtlasError } from '../contract/atlasError.ts';

/** If the broker gets no sign of life from a member for this many milliseconds, it gives its partitions to others. */
export const SESSION_MS = 15_000;

/**
 * A header's value. Kafka allows null. It also allows a name several times; then this is the list of values in their
 * order.
 */
export type HeaderValue<Bytes = Uint8Array> = Bytes | null | readonly (Bytes | null)[];

/** A record to send. The runtime computes the partition, with murmur2 like Java's default partitioner. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, HeaderValue<string | Uint8Array>>>;
  readonly timestamp: Date;
}

/** A record that was read. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly timestamp: Date;
}

/** The records of one partition in one fetch, in the order of their offsets. */
export interface IncomingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: bigint;
  readonly records: readonly IncomingRecord[];
  /**
   * Why bytes after these records can't be read, for example because of an unknown codec. Undefined if there are none.
   */
  readonly unreadable: string | undefined;
  /** Marks an offset as done. The next `commit` commits it. */
  resolve(offset: bigint): void;
  commit(): Promise<void>;
  heartbeat(): Promise<void>;
  /** True after the partition was reassigned or moved by `seek`, or when the consumer stops. Then leave the batch. */
  isStale(): boolean;
}

export interface ConsumerHandlers {
  /** The member has joined the group and these partitions are assigned to it. `seek` may be called from now on. */
  assigned(
    partitions: readonly { readonly topic: string; readonly partition: number }[],
    seek: RunningConsumer['seek'],
  ): void | Promise<void>;
  /** Throw `RejoinGroup` to leave the batch and join again. After any other error the batch is fetched again later. */
  batch(batch: IncomingBatch): Promise<void>;
}

/** The position of a group in a partition, as Kafka has it. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** The group's offset: the first one that it has not committed. Undefined if there is none. */
  readonly committed: bigint | undefined;
  /** The first offset that the log still has. */
  readonly low: bigint;
  /** One more than the last offset of the log. */
  readonly high: bigint;
}

/** Why the broker did not take records. */
export interface SendRefusal {
  /** False if the same records will always be refused: too large, no such topic, not authorised. */
  readonly retriable: boolean;
  readonly reason: string;
  /** If not retriable, what is at fault: the whole topic or one of the records. */
  readonly about?: 'topic' | 'record';
}

/** The functions of a Kafka client that the runtime needs. */
export interface KafkaPort {
  /**
   * Sends with acks=all. Throws `AtlasError` ATLAS_KAFKA_SEND with a `SendRefusal` as its detail; some may have
   * arrived.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** The number of partitions of each topic. Throws ATLAS_KAFKA_SEND if one does not exist. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * The positions of a group in all partitions of the topics. Throws `AtlasError` ATLAS_KAFKA_POSITIONS if the
   * broker does not answer.
   */
  positions(group: string, topics: readonly string[]): Promise<readonly Position[]>;
  /**
   * Joins the group and reads from the committed offsets, or from the beginning if there are none. Resolves once
   * joined.
   */
  run(
    options: { readonly group: string; readonly topics: readonly string[] },
    handlers: ConsumerHandlers,
  ): Promise<RunningConsumer>;
  close(): Promise<void>;
}

export interface RunningConsumer {
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  seek(topic: string, partition: number, offset: bigint): void;
  /** Whether the member is in the group right now, for readiness. */
  isJoined(): boolean;
  /** Milliseconds since the broker last answered a fetch, even one without records. Infinite if it never has. */
  sinceFetch(): number;
  /** Stops fetching, waits for running batches, commits the resolved offsets, leaves the group. */
  stop(): Promise<void>;
}

/**
 * Thrown within a batch if its partition now belongs to another member. The consumer then joins its group again.
 */
export class RejoinGroup extends AtlasError {
  constructor(topic: string, partition: number) {
    super('ATLAS_FENCED', `another member of the group has taken over ${topic}/${partition}: joining again`);
    this.name = 'RejoinGroup';
  }
}

/** The `SendRefusal` in the detail of an ATLAS_KAFKA_SEND, undefined for any other error. */
export function sendRefusalOf(error: unknown): Required<SendRefusal> | undefined {
  if (!(error instanceof AtlasError) || error.code !== 'ATLAS_KAFKA_SEND') return undefined;
  const { detail } = error;
  if (typeof detail !== 'object' || detail === null || !('retriable' in detail) || !('reason' in detail))
    return undefined;
  const about = 'about' in detail && detail.about === 'topic' ? 'topic' : 'record';
  return { retriable: detail.retriable === true, reason: String(detail.reason), about };
}
