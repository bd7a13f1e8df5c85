import type { AvroRecord } from './avro.ts';
import type { Loc } from './location.ts';

/** Exactly these events in this order; `many` is the `Name*` form, zero or more. */
export type EmitTuple = readonly EmitItem[];
export interface EmitItem {
  /** Name of one of the service's own `send` messages. */
  readonly message: string;
  readonly many: boolean;
}

/** A Kafka topic, owned by the service whose AsyncAPI document defines the channel inline. */
export interface Topic {
  readonly loc: Loc;
  /** The channel's `address`, without any run-time namespace. */
  readonly name: string;
  /** The key of the channel in its document. */
  readonly channel: string;
  readonly owner: string;
  readonly description?: string;
  readonly partitions: number;
  readonly replicas: number;
  /** `bindings.kafka.topicConfiguration`, as Kafka spells it: `cleanup.policy`, `retention.ms`, ... values as strings, keys sorted. */
  readonly config: Readonly<Record<string, string>>;
  readonly kind: 'events' | 'dead-letters';
}

/** How the record key is made out of a payload; `x-atlas-key`. */
export interface KeyExpression {
  /** Literal text and fields alternate as written: `{venueId}:{seat}` is [field, text, field]. */
  readonly parts: readonly KeyPart[];
}
export type KeyPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Field names from the payload's root down. Every one is required, and ends at a string, uuid, int, long or enum. */
  | { readonly kind: 'field'; readonly path: readonly string[] };

/** An event type: one Avro record on one topic. */
export interface Message {
  readonly loc: Loc;
  /** The AsyncAPI message's key and the handlers' name for it: `BookingMade`. */
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
  /** The schema as one compact JSON text, all names inlined, docs and defaults kept: what is registered and looked up. */
  readonly schemaText: string;
  /** First 32 hex digits of SHA-256 over `schemaText` (UTF-8). */
  readonly fingerprint: string;
}

/** What a service does with one message of a channel it reads: (receive operation, message). */
export interface Receive {
  readonly loc: Loc;
  /** The AsyncAPI operation's key. */
  readonly operation: string;
  /** `on<Message>`: the handler's name, unique in the service. */
  readonly handler: string;
  /** The owner's message; payload decoded with the reader schema of this very message. */
  readonly message: Message;
  readonly summary?: string;
  /** Alternatives; [[]] where it emits nothing. */
  readonly emits: readonly EmitTuple[];
  readonly retry: RetryPolicy;
}

/** `x-atlas-retry`; the default is 5 retries, 200 ms base, 30 s cap, hold. */
export interface RetryPolicy {
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly onDead: 'hold' | 'continue';
}
