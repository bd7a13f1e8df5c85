import { AtlasError } from '../contract/atlasError.ts';

/** A record to send. The partition is always computed by the runtime (murmur2 as Java's default partitioner does). */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string | Uint8Array>>;
  readonly timestamp: Date;
}

/** A record as read. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, Uint8Array>>;
  readonly timestamp: Date;
}

/** The records of one partition that one fetch brought, in offset order. */
export interface IncomingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: bigint;
  readonly records: readonly IncomingRecord[];
  /** Marks an offset as done; committed with the next `commit`. */
  resolve(offset: bigint): void;
  commit(): Promise<void>;
  heartbeat(): Promise<void>;
  /** True once the partition was taken away, sought elsewhere, or the consumer stops: leave the batch. */
  isStale(): boolean;
}

export interface ConsumerHandlers {
  /** A join of the group ended with these partitions assigned. */
  assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]): void | Promise<void>;
  /** Throwing `RejoinGroup` leaves the batch and joins again; any other throw has the batch fetched again after a back-off. */
  batch(batch: IncomingBatch): Promise<void>;
}

/** The broker said no to certain records for a reason that waiting does not heal (too large, no such topic, not authorised). */
export interface SendRefusal {
  readonly retriable: boolean;
  readonly reason: string;
  /** What waiting does not heal: the topic as a whole, or one of the records. */
  readonly about?: 'topic' | 'record';
}

/** What the runtime needs of a Kafka client: two adapters are planned, one contract suite tests them. */
export interface KafkaPort {
  /** All or nothing as far as the client can tell; acks=all. Throws `AtlasError` ATLAS_KAFKA_SEND with `detail: SendRefusal`. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Partition counts of topics; throws ATLAS_KAFKA_SEND for one that does not exist. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Joins the group and reads from the committed offsets, else from the beginning. Resolves once joined. */
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
  /** Whether the member is in the group right now; readiness asks. */
  isJoined(): boolean;
  /** Stops fetching, waits for running batches, commits what was resolved, leaves the group. */
  stop(): Promise<void>;
}

/** Thrown out of a batch whose partition belongs to somebody else by now: the consumer leaves it and joins its group again. */
export class RejoinGroup extends AtlasError {
  constructor(topic: string, partition: number) {
    super('ATLAS_FENCED', `another member of the group has taken over ${topic}/${partition}: joining again`);
    this.name = 'RejoinGroup';
  }
}

/** The port's `SendRefusal`, read back from the error that carries it. */
export function sendRefusalOf(
  error: unknown,
): { readonly retriable: boolean; readonly reason: string; readonly about: 'topic' | 'record' } | undefined {
  if (!(error instanceof AtlasError) || error.code !== 'ATLAS_KAFKA_SEND') return undefined;
  const { detail } = error;
  if (typeof detail !== 'object' || detail === null || !('retriable' in detail) || !('reason' in detail))
    return undefined;
  const about = 'about' in detail && detail.about === 'topic' ? 'topic' : 'record';
  return { retriable: detail.retriable === true, reason: String(detail.reason), about };
}
