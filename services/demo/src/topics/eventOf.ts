import type { MessageContract } from '@atlas/runtime';
import { CONTRACTS } from '../system/contracts.ts';
import type { SeenRecord } from './recordFeed.ts';

/** A decoded event. */
export interface SeenEvent {
  /** Unique per event. A second copy of the event has the same id. */
  readonly id: string;
  /** The name of the message in the contract, such as OrderPlaced. */
  readonly name: string;
  /** The service that sent it. */
  readonly source: string;
  /** The topic without the namespace of the run. */
  readonly topic: string;
  readonly time: Date;
  readonly correlationId: string;
  /** The event or the timer that caused it. Absent if a request did. */
  readonly causationId?: string;
  /** The id of the person or service that acted, if the event says it. */
  readonly actorId?: string;
  /** Its number among the events of its key. */
  readonly sequence: number;
  readonly key: string;
  readonly data: unknown;
}

/** Every message that a service may send, by its type. */
const MESSAGES = new Map<string, MessageContract<unknown>>(
  CONTRACTS.flatMap(({ messages }) => messages.map((message) => [message.type, message])),
);

/** The topics with events. Dead letters have topics of their own. */
export const EVENT_TOPICS: readonly string[] = [...new Set([...MESSAGES.values()].map(({ topic }) => topic))];

/** In Confluent's wire format, a zero byte and the schema's id in four bytes precede the body. */
const FRAME = 5;

/** The events among some records, in their sequence. Dead letters are left out. */
export function eventsIn(records: readonly SeenRecord[]): readonly SeenEvent[] {
  return records.filter(({ topic }) => !topic.endsWith('.dlq.v1')).map(eventOf);
}

/** Decoded records, because many parts read the records of one feed again and again. */
const DECODED = new WeakMap<SeenRecord, SeenEvent>();

/**
 * Reads an event (CloudEvents 1.0 in Kafka's binary mode), and decodes each record once. Throws if the contracts do not
 * have the event.
 */
export function eventOf(record: SeenRecord): SeenEvent {
  const known = DECODED.get(record);
  if (known !== undefined) return known;
  const event = decoded(record);
  DECODED.set(record, event);
  return event;
}

function decoded({ headers, key, topic, value }: SeenRecord): SeenEvent {
  const message = MESSAGES.get(headers['ce_type'] ?? '');
  if (message === undefined || value === null) throw new Error(`a record of ${topic} is not an event of the contracts`);
  const header = (name: string): string => {
    const text = headers[name];
    if (text === undefined) throw new Error(`${message.name} has no header ${name}`);
    return text;
  };
  return {
    id: header('ce_id'),
    name: message.name,
    source: header('ce_source'),
    topic,
    time: new Date(header('ce_time')),
    correlationId: header('ce_correlationid'),
    ...(headers['ce_causationid'] === undefined ? {} : { causationId: headers['ce_causationid'] }),
    ...(headers['ce_actorid'] === undefined ? {} : { actorId: headers['ce_actorid'] }),
    sequence: Number(header('ce_sequence')),
    key: key ?? '',
    data: message.codec.decode(value.subarray(FRAME)),
  };
}
