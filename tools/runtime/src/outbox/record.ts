import type { Event } from '../contract/handler.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { MessageContract } from '../contract/message.ts';

/** One row for `atlas_outbox`, before it has an id and a sequence. */
export interface OutboxRecord {
  /** Without the run-time namespace. */
  readonly topic: string;
  /** UTF-8 of the key's text; null for a channel without key, which then has no sequence. */
  readonly key: Uint8Array | null;
  /** Avro without frame; where `fingerprint` is null the bytes are sent as they are (dead letters). */
  readonly body: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly id: string;
  readonly type: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actorId: string | null;
  readonly traceparent: string | null;
  /** More headers, values base64; dead letters only. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly occurredAt: Date;
}

/**
 * Throws `AtlasError` ATLAS_EVENTS unless the events are exactly one of the declared alternatives, in order; a name that
 * ends in `*` stands for zero or more. TypeScript has said so already where the handler was compiled against its contract.
 */
export function checkEmits(
  allowed: readonly (readonly string[])[] | undefined,
  events: readonly Event[] | undefined,
): void {
  if (allowed === undefined && (events === undefined || events.length === 0)) return;
  const names = (events ?? []).map(({ type }) => type);
  if ((allowed ?? [[]]).some((tuple) => matches(tuple, names))) return;
  const may = (allowed ?? []).map((tuple) => `[${tuple.join(', ')}]`).join(' or ');
  throw new AtlasError('ATLAS_EVENTS', `returned events [${names.join(', ')}]; declared is ${may || 'none'}`);
}

/** Backtracks over `Name*`; tuples are a handful of names. */
function matches(tuple: readonly string[], names: readonly string[]): boolean {
  const [head, ...rest] = tuple;
  if (head === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (!head.endsWith('*')) return name === head && matches(rest, others);
  return matches(rest, names) || (name === head.slice(0, -1) && matches(tuple, others));
}

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
