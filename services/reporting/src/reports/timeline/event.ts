import type { components } from '@atlas/generated-reporting';

export type TimelineEntry = components['schemas']['TimelineEntry'];

/** An event of a timeline as it is stored. */
export interface StoredEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly type: string;
  /** 0 if its producer does not number its events. */
  readonly sequence: bigint;
  readonly at: Date;
  readonly actorId: string | null;
  readonly causationId: string | null;
  /** The payload as JSON. Another service wrote it, so its members must be checked. */
  readonly data: Payload;
}

export type Payload = Readonly<Record<string, unknown>>;

/** A member of a payload that is a text. */
export function textOf(data: Payload, member: string): string | undefined {
  const value = data[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A member of a payload that is a list of records. */
export function recordsOf(data: Payload, member: string): readonly Payload[] {
  const value = data[member];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function recordOf(data: Payload, member: string): Payload | undefined {
  const value = data[member];
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
