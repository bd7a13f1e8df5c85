/*
 * Functions are declared as methods here on purpose: a list of messages holds `MessageContract<unknown>`, and
 * TypeScript compares the parameters of methods bivariantly.
 */

/** An Avro codec compiled at generation time from one schema. Bodies are bare Avro binary, without the 5-byte frame. */
export interface Codec<Data> {
  /** Throws `AtlasError` (ATLAS_AVRO_ENCODE), which names the field, if a value does not fit the schema. */
  encode(data: Data): Uint8Array;
  /** Decodes what was written with this schema. Throws `AtlasError` (ATLAS_AVRO_DECODE) if the bytes do not fit. */
  decode(body: Uint8Array): Data;
  /**
   * Compiles a decoder of data that was written with another version of the schema (Avro 1.12, schema resolution).
   * `references` are the texts of the schemas whose types the writer's schema uses. Each comes after those that it
   * refers to itself.
   */
  resolver(writerSchemaText: string, references?: readonly string[]): (body: Uint8Array) => Data;
}

/** One event type as data. `Data` is its payload. */
export interface MessageContract<Data> {
  /** The name that handlers use. */
  readonly name: string;
  /** `ce_type`: the Avro record's full name. */
  readonly type: string;
  /** Without the namespace, which the runtime puts before topics, subjects and groups. */
  readonly topic: string;
  /** TopicRecordNameStrategy, without the namespace. */
  readonly subject: string;
  readonly schema: string;
  readonly fingerprint: string;
  /** The text of the record key. Absent for a channel without a key. */
  key?(data: Data): string;
  readonly codec: Codec<Data>;
}

/** One kind of event that a service consumes, as data. */
export interface ConsumerContract<Data> {
  /** Also the name of the handler: `on<Message>`, or with `batch` the name of the operation. */
  readonly name: string;
  readonly message: MessageContract<Data>;
  /**
   * The handler gets sets of at most `max` messages. Each of its messages has a contract of its own, with the same
   * name and the same other members.
   */
  readonly batch?: { readonly max: number };
  readonly emits: readonly (readonly string[])[];
  readonly retry: RetryContract;
}

/** How often and when something that failed is tried again, and what happens after the last try. */
export interface RetryContract {
  /** Retries after the first try. */
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly onDead: 'hold' | 'continue';
}
