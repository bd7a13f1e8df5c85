import { contract as inventory } from '@atlas/generated-inventory';
import { contract as orders } from '@atlas/generated-orders';
import type { MessageContract } from '@atlas/runtime';
import type { SeenRecord } from './recordFeed.ts';

/** An event as its sender meant it. */
export interface SeenEvent {
  /** Unique for each event; a second copy of it has the same. */
  readonly id: string;
  /** Of the message in the contract: OrderPlaced. */
  readonly name: string;
  /** The service that sent it. */
  readonly source: string;
  readonly time: Date;
  readonly correlationId: string;
  /** Its place among the events of its key. */
  readonly sequence: number;
  readonly key: string;
  readonly data: unknown;
}

/** Everything that any service may send. */
const MESSAGES = new Map<string, MessageContract<unknown>>(
  [...orders.messages, ...inventory.messages].map((message) => [message.type, message]),
);

/** Topics that hold events; dead letters are elsewhere. */
export const EVENT_TOPICS: readonly string[] = [...new Set([...MESSAGES.values()].map(({ topic }) => topic))];

/** Confluent's wire format puts a zero and the schema's id, four bytes, before the body. */
const FRAME = 5;

/** Reads an event (CloudEvents 1.0 in Kafka's binary mode). Throws for a record that is none of ours. */
export function eventOf({ headers, key, topic, value }: SeenRecord): SeenEvent {
  const message = MESSAGES.get(headers['ce_type'] ?? '');
  if (message === undefined || value === null) throw new Error(`a record of ${topic} is no event of the contracts`);
  const header = (name: string): string => {
    const text = headers[name];
    if (text === undefined) throw new Error(`${message.name} has no header ${name}`);
    return text;
  };
  return {
    id: header('ce_id'),
    name: message.name,
    source: header('ce_source'),
    time: new Date(header('ce_time')),
    correlationId: header('ce_correlationid'),
    sequence: Number(header('ce_sequence')),
    key: key ?? '',
    data: message.codec.decode(value.subarray(FRAME)),
  };
}
