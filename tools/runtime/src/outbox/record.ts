import type { Event } from '../contract/handler.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { MessageContract } from '../contract/message.ts';
import type { StoredHeaders } from '../record/headers.ts';

/** A row for `atlas_outbox` that has no id and no sequence yet. */
export interface OutboxRecord {
  /** Without the run-time namespace. */
  readonly topic: string;
  /** The key's text in UTF-8. Null if the channel has no key; then the event has no sequence either. */
  readonly key: Uint8Array | null;
  /** Avro without the frame. If `fingerprint` is null, the bytes are sent as they are, which dead letters need. */
  readonly body: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly id: string;
  readonly type: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actorId: string | null;
  readonly traceparent: string | null;
  /**
   * All headers of a dead letter, with values in base64. Null for an event, whose headers come from the other columns.
   */
  readonly headers: StoredHeaders | null;
  readonly occurredAt: Date;
}

/**
 * Throws `AtlasError` ATLAS_EVENTS unless the events match one of the declared alternatives, in order. A name that ends
 * in `*` means zero or more events. (TypeScript reports it first if the handler is compiled against its contract.)
 */
export function checkEmits(
  allowed: readonly (readonly string[])[] | undefined,
  events: readonly Event[] | undefined,
): void {
  if (allowed === undefined && (events === undefined || events.length === 0)) return;
  const names = (events ?? []).map(({ type }) => type);
  if ((allowed ?? [[]]).some((tuple) => matches(tuple, names))) return;
  const declared = (allowed ?? []).map((tuple) => `[${tuple.join(', ')}]`).join(' or ');
  throw new AtlasError('ATLAS_EVENTS', `returned events [${names.join(', ')}]; declared is ${declared || 'none'}`);
}

/** Backtracks at each `Name*`, which is cheap because an alternative has only a few names. */
function matches(tuple: readonly string[], names: readonly string[]): boolean {
  const [head, ...rest] = tuple;
  if (head === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (!head.endsWith('*')) return name === head && matches(rest, others);
  return matches(rest, names) || (name === head.slice(0, -1) && matches(tuple, others));
}

/** What the events of one command or message have in common. */
export interface Origin {
  readonly correlationId: string;
  /** Id of the message that caused the events, null if a request did. */
  readonly causationId: string | null;
  readonly actorId: string | null;
  readonly traceparent: string | null;
  readonly occurredAt: Date;
  /** The same sequence of ids that the handler uses, so that each try gives an event the same id. */
  readonly newId: () => string;
}

/**
 * Turns the events that a handler returned into rows for the outbox. Throws `AtlasError` ATLAS_EVENTS for an event that
 * the service does not send, ATLAS_AVRO_ENCODE if a payload does not fit its schema.
 */
export function toOutboxRecords(
  messages: readonly MessageContract<unknown>[],
  events: readonly Event[] | undefined,
  origin: Origin,
): readonly OutboxRecord[] {
  return (events ?? []).map(({ type, data }) => {
    const message = messages.find(({ name }) => name === type);
    if (!message) throw new AtlasError('ATLAS_EVENTS', `"${type}" is not a message that this service sends`);
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
