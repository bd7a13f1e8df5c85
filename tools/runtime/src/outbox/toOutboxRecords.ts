import type { Event } from '../contract/handler.ts';
import type { MessageContract } from '../contract/message.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { OutboxRecord } from './record.ts';

/** What all events of one command or message share. */
export interface Origin {
  readonly correlationId: string;
  /** Id of the message that was the cause; null where HTTP was. */
  readonly causationId: string | null;
  readonly actorId: string | null;
  readonly traceparent: string | null;
  readonly occurredAt: Date;
  /** Ids of events come from the same sequence as the handler's, so that each try gives the same. */
  readonly newId: () => string;
}

const NO_RECORDS: readonly OutboxRecord[] = [];

/**
 * Events as a handler returned them as rows for the outbox: encoded, keyed, named. Throws ATLAS_EVENTS for a name that
 * the service doesn't send, ATLAS_AVRO_ENCODE where a payload doesn't fit its schema.
 */
export function toOutboxRecords(
  messages: readonly MessageContract<unknown>[],
  events: readonly Event[] | undefined,
  origin: Origin,
): readonly OutboxRecord[] {
  if (events === undefined || events.length === 0) return NO_RECORDS;
  return events.map(({ type, data }) => {
    const message = messages.find(({ name }) => name === type);
    if (!message) throw new AtlasError('ATLAS_EVENTS', `"${type}" is no message that this service sends`);
    return {
      topic: message.topic,
      key: message.key ? Buffer.from(message.key(data), 'utf8') : null,
      body: message.codec.encode(data),
      fingerprint: message.fingerprint,
      id: origin.newId(),
      type: message.type,
      correlationId: origin.correlationId,
      causationId: origin.causationId,
      actorId: origin.actorId,
      traceparent: origin.traceparent,
      headers: null,
      occurredAt: origin.occurredAt,
    };
  });
}
