import { isObject, type JsonObject, type JsonValue, type KeyExpression } from '@atlas/ir';
import { datumAlong } from '../avro/datum.ts';
import { shownData, type Witness } from '../finding.ts';
import { Samples } from '../http/samples.ts';
import type { Dialect } from '../../jsonschema/keywords.ts';
import type { SchemaPlace } from '../schemas.ts';
import type { Placed, Version } from '../sides/version.ts';
import type { EventMessage, EventTopic } from './view.ts';

/** A Kafka record of a witness. */
export type RecordValue = {
  readonly topic: string;
  readonly key?: string;
  readonly partition?: number;
  readonly headers?: JsonObject;
  /** In the JSON encoding, if it is Avro. */
  readonly value?: JsonValue;
  /** A fact that matters and that the record does not have, such as its age. */
  readonly note?: string;
};

/** The parts of a record that a witness decides. */
export type RecordParts = Partial<Omit<RecordValue, 'topic'>>;

/** Makes records as one version of the events has them. */
export class Records {
  readonly #schemas: Schemas;
  readonly #samples = new Map<Version, Samples>();

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  /** A record of a message, with the smallest payload and headers if none are given. */
  of(topic: EventTopic, message: EventMessage, parts: RecordParts = {}): RecordValue {
    const value = parts.value ?? this.payload(message);
    const key = parts.key ?? (topic.key && value !== undefined ? keyOf(topic.key.value, value) : undefined);
    return {
      topic: topic.name,
      ...(parts.partition === undefined ? {} : { partition: parts.partition }),
      ...(key === undefined ? {} : { key }),
      headers: { ...(message.hasType ? { ce_type: message.type } : {}), ...(parts.headers ?? this.headers(message)) },
      ...(value === undefined ? {} : { value }),
    };
  }

  /** The smallest payload; undefined if none was found. */
  payload({ payload }: EventMessage): JsonValue | undefined {
    if (payload.kind === 'avro') return datumAlong(payload.record, [], () => undefined)?.value;
    if (payload.kind !== 'json') return undefined;
    const { version, place } = this.#schemas.payload(payload);
    return this.#sample(version, place);
  }

  /**
   * The smallest headers; none if the message does not say which ones it has. Headers of CloudEvents have a value that
   * events have, if the schema accepts it, because an empty one would look like the reason of the break.
   */
  headers(message: EventMessage): JsonObject {
    const place = this.#schemas.headers(message);
    const found = place && this.#sample(this.#schemas.version(HEADERS), place);
    if (!isObject(found)) return {};
    let headers = found;
    for (const [name, value] of Object.entries(usualHeaders(message.type))) {
      const filled = { ...headers, [name]: value };
      if (headers[name] === '' && this.accepts(message, { headers: filled })) headers = filled;
    }
    return headers;
  }

  /** Whether a message accepts the value and the headers of a record, as far as JSON schemas say it. */
  accepts(message: EventMessage, { value, headers }: Pick<RecordValue, 'value' | 'headers'>): boolean {
    const { payload } = message;
    if (payload.kind === 'json' && value !== undefined) {
      const { version, place } = this.#schemas.payload(payload);
      if (!this.#accepts(version, place, value)) return false;
    }
    const place = headers && this.#schemas.headers(message);
    return !place || this.#accepts(this.#schemas.version(HEADERS), place, headers);
  }

  #sample(version: Version, place: SchemaPlace): JsonValue | undefined {
    const schema = placed(version, place);
    return schema && this.#of(version).of(schema, 'response');
  }

  #accepts(version: Version, place: SchemaPlace, value: JsonValue): boolean {
    return this.#of(version).accepts(placed(version, place), value, 'response');
  }

  #of(version: Version): Samples {
    const samples = this.#samples.get(version) ?? new Samples(version);
    this.#samples.set(version, samples);
    return samples;
  }
}

/** Attributes of CloudEvents as Kafka headers (CloudEvents 1.0.2, Kafka Protocol Binding, 3.2). */
function usualHeaders(type: string): Readonly<Record<string, string>> {
  return {
    ce_specversion: '1.0',
    ce_id: '01890a5d-ac96-774b-bcce-b302099a8057',
    ce_source: '/example',
    ce_type: type,
    ce_time: '2026-01-01T00:00:00Z',
  };
}

/** The dialect of headers' schemas, whatever the format of the payload (AsyncAPI 3.0, "Message Object"). */
const HEADERS: Dialect = 'draft-07';

function placed(version: Version, { pointer, schema }: SchemaPlace): Placed | undefined {
  const value = schema ?? version.follow({ $ref: `#${encodeURI(pointer)}` }, '')?.value;
  return value === undefined ? undefined : { value, pointer };
}

/** Finds the JSON schemas of one version of the events for the engine. */
export interface Schemas {
  payload(payload: Extract<EventMessage['payload'], { kind: 'json' }>): {
    readonly version: Version;
    readonly place: SchemaPlace;
  };
  headers(message: EventMessage): SchemaPlace | undefined;
  version(dialect: Dialect): Version;
}

/** The key that an expression gives for a payload. */
export function keyOf({ parts }: KeyExpression, payload: JsonValue): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : textAt(payload, part.path))).join('');
}

function textAt(payload: JsonValue, path: readonly string[]): string {
  let value: JsonValue | undefined = payload;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value === undefined || isObject(value) ? '' : String(value);
}

/** A witness that is a record: which version has it, and where the other one refuses it. */
export function recordWitness(
  acceptedBy: Witness['acceptedBy'],
  record: RecordValue,
  at: string,
  verdict?: string,
): Witness {
  return { acceptedBy, value: record, at, ...(verdict === undefined ? {} : { verdict }), shown: shownRecord(record) };
}

/** A record as text: topic and key, a line per header, and the value as one line. */
function shownRecord({ topic, key, partition, headers = {}, value, note }: RecordValue): string {
  const where = [
    `topic ${topic}`,
    ...(partition === undefined ? [] : [`partition ${partition}`]),
    ...(key === undefined ? [] : [`key ${key === '' ? '""' : key}`]),
  ].join(', ');
  const lines = Object.entries(headers).map(
    ([name, text]) => `${name}: ${typeof text === 'string' ? text : JSON.stringify(text)}`,
  );
  const about = note === undefined ? [] : [`(${note})`];
  return [where, ...about, ...lines, ...(value === undefined ? [] : [shownData(value)])].join('\n');
}
