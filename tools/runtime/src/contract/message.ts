/**
 * Members here are methods on purpose: a table of messages holds `MessageContract<unknown>`, and methods compare
 * their parameters bivariantly.
 */

/** An Avro codec compiled at generation time from one schema. Bodies are bare Avro binary, without the 5-byte frame. */
export interface Codec<Data> {
  /** Throws `AtlasError` (ATLAS_AVRO_ENCODE) naming the field where a value does not fit the schema. */
  encode(data: Data): Uint8Array;
  /** Decodes what was written with this very schema. Throws `AtlasError` (ATLAS_AVRO_DECODE) on bytes that do not fit. */
  decode(body: Uint8Array): Data;
  /** Compiles a decoder for data written with another version of the schema (Avro 1.12, schema resolution). */
  resolver(writerSchemaText: string): (body: Uint8Array) => Data;
}

/** One event type as data. `Data` is its payload. */
export interface MessageContract<Data> {
  /** The handlers' name for it. */
  readonly name: string;
  /** `ce_type`: the Avro record's full name. */
  readonly type: string;
  /** Without the run-time namespace, which the runtime puts before topics, subjects and groups. */
  readonly topic: string;
  /** TopicRecordNameStrategy, without the run-time namespace. */
  readonly subject: string;
  readonly schema: string;
  readonly fingerprint: string;
  /** The record key's text; absent for a channel without key. */
  key?(data: Data): string;
  readonly codec: Codec<Data>;
}

/** What a service does with one message it reads. */
export interface ConsumerContract<Data> {
  /** `on<Message>`: the handler's name. */
  readonly name: string;
  readonly message: MessageContract<Data>;
  readonly emits: readonly (readonly string[])[];
  readonly retry: {
    readonly retries: number;
    readonly baseMs: number;
    readonly capMs: number;
    readonly onDead: 'hold' | 'continue';
  };
}
