import type { AvroRecord } from './avro.ts';
import type { Loc } from './location.ts';

/** Exactly these events in this order; `many` (written `Name*`) means zero or more. */
export type EmitTuple = readonly EmitItem[];
export interface EmitItem {
  /** Name of one of the service's own `send` messages. */
  readonly message: string;
  readonly many: boolean;
}

/** A Kafka topic, owned by the service whose AsyncAPI document defines the channel inline, unless it is foreign. */
export interface Topic {
  readonly loc: Loc;
  /** The channel's `address`, without any run-time namespace. */
  readonly name: string;
  /** The key of the channel in the document. */
  readonly channel: string;
  /** The service; for a foreign topic, the name in `x-atlas-foreign`. */
  readonly owner: string;
  readonly description?: string;
  readonly partitions: number;
  readonly replicas: number;
  /** `bindings.kafka.topicConfiguration` as Kafka needs it (`cleanup.policy`, …): values as strings, keys sorted. */
  readonly config: Readonly<Record<string, string>>;
  /** A foreign topic belongs to somebody outside these specs. Services only read it, and nobody registers it. */
  readonly kind: 'events' | 'foreign' | 'dead-letters';
}

/** How the key of a Kafka record is made from a payload: `x-atlas-key`. */
export interface KeyExpression {
  /** Literal text and fields alternate as written: `{venueId}:{seat}` is [field, text, field]. */
  readonly parts: readonly KeyPart[];
}
export type KeyPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Field names from the payload's root down. None is optional; the last is a string, uuid, int, long or enum. */
  | { readonly kind: 'field'; readonly path: readonly string[] };

/** An event type: one Avro record on one topic. */
export interface Message {
  readonly loc: Loc;
  /** Its key in the AsyncAPI channel, such as `BookingMade`. */
  readonly name: string;
  readonly owner: string;
  readonly topic: string;
  readonly key?: KeyExpression;
  readonly summary?: string;
  /** Full record name; also the CloudEvents `type` (`ce_type`). */
  readonly recordName: string;
  readonly avro: AvroRecord;
  /** Confluent TopicRecordNameStrategy: `<topic>-<recordName>`. */
  readonly subject: string;
  /** The schema as one compact JSON text, with all names inlined, with docs and defaults, as it is registered. */
  readonly schemaText: string;
  /** First 32 hex digits of SHA-256 over `schemaText` (UTF-8). */
  readonly fingerprint: string;
}

/** What a service does with one message of a channel that it reads: one message of a receive operation. */
export interface Receive {
  readonly loc: Loc;
  /** The AsyncAPI operation's key. */
  readonly operation: string;
  /** The handler's name, unique in the service: `on<Message>`, or with `batch` the operation's key. */
  readonly handler: string;
  /** `x-atlas-batch`: the handler gets sets of messages. */
  readonly batch?: BatchPolicy;
  /** The owner's message, whose schema is the reader schema. */
  readonly message: Message;
  readonly summary?: string;
  /** Alternatives of what it emits; [[]] if it emits nothing. */
  readonly emits: readonly EmitTuple[];
  readonly retry: RetryPolicy;
}

/** `x-atlas-batch`. */
export interface BatchPolicy {
  /** The largest number of messages in a set. */
  readonly max: number;
}

/** `x-atlas-retry`, with defaults if it is absent. */
export interface RetryPolicy {
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly onDead: 'hold' | 'continue';
}
