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
