import {
  isObject,
  type AvroRecord,
  type JsonObject,
  type JsonValue,
  type KeyExpression,
  type Loc,
  type RetryPolicy,
} from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Dialect } from '../../jsonschema/keywords.ts';
import { dlqName, topicOf } from '../../model/topics.ts';
import { eventsView, type AsyncOperationView, type ChannelView, type MessageView } from '../../read/asyncapi/events.ts';
import { LATER_PAYLOADS, laterViews, timeoutOf, type LaterView } from '../../read/asyncapi/later.ts';
import { avroPayloads, type AvroPayloads } from '../../read/avro/payloads.ts';
import { batchOf, handlerOf } from '../../read/extensions/batch.ts';
import { emitsOf } from '../../read/extensions/emits.ts';
import { handlingOfLater, handlingOfOperation, type HandlingView } from '../../read/extensions/handling.ts';
import { keyOf } from '../../read/extensions/key.ts';
import { retryOf } from '../../read/extensions/retry.ts';
import { refuseErrors, shownLoc, type Side } from '../sides/side.ts';

/** One version of the events of a repository or of a document, taken apart: what rules and the engine look at. */
export interface Events {
  readonly side: Side;
  /** The documents by path as the report shows it. */
  readonly documents: ReadonlyMap<string, JsonObject>;
  /** By name: the address, which is what is on the wire. */
  readonly topics: ReadonlyMap<string, EventTopic>;
  /** Topics of other owners, as the services that use them declare them. */
  readonly copies: readonly { readonly service: string; readonly topic: EventTopic }[];
  readonly sends: readonly Use[];
  readonly receives: readonly ReceiveUse[];
  readonly laters: readonly LaterUse[];
  readonly replies: readonly ReplyUse[];
  /** Dead-letter topics by service, with the place that names them. */
  readonly deadLetters: ReadonlyMap<string, Written<string>>;
}

/** What a document says, and where. */
export interface Written<Value> {
  readonly value: Value;
  readonly loc: Loc;
}

export interface EventTopic {
  readonly name: string;
  readonly loc: Loc;
  /** The service that owns it, or who else does: `x-atlas-foreign`. */
  readonly owner: string;
  readonly isForeign: boolean;
  /** `x-atlas-key`; absent if there is none, or a malformed one. */
  readonly key?: Written<KeyExpression>;
  readonly partitions: Written<number>;
  /** `topicConfiguration` as Kafka takes it. */
  readonly settings: Written<Readonly<Record<string, string>>>;
  /** By type. */
  readonly messages: ReadonlyMap<string, EventMessage>;
}

export interface EventMessage {
  /** How consumers distinguish messages: by the name of the Avro record, or by what a header or the message says. */
  readonly type: string;
  /** Whether the type is in every record: an Avro schema, or a header with one value. */
  readonly hasType: boolean;
  /** Its key in the channel, which its handlers are named after. */
  readonly name: string;
  readonly loc: Loc;
  readonly payload: Payload;
  /** Its own and those of its traits; those of traits come first. */
  readonly headers: readonly Cursor[];
  /** Where its correlation id is: a runtime expression. */
  readonly correlation?: Written<string>;
  /** `bindings.kafka`, merged with that of the traits. */
  readonly kafka: JsonObject;
}

export type Payload =
  | { readonly kind: 'avro'; readonly record: AvroRecord; readonly loc: Loc }
  | { readonly kind: 'json'; readonly schema: Cursor; readonly dialect: Dialect; readonly loc: Loc }
  | { readonly kind: 'other'; readonly format: string; readonly loc: Loc }
  | { readonly kind: 'none'; readonly loc: Loc };

/** A message of a topic that a service sends or receives. */
export interface Use {
  readonly service: string;
  readonly topic: string;
  readonly type: string;
  readonly loc: Loc;
}

export interface ReceiveUse extends Use {
  /** The key of the operation. */
  readonly operation: string;
  /** The consumer's name in the tables of the service. */
  readonly handler: string;
  /** Whether the operation has no list of messages, so that it receives all messages of the channel. */
  readonly takesAll: boolean;
  /** `bindings.kafka.groupId` of the operation, if it is one value. */
  readonly group?: Written<string>;
  /** The schema of `groupId` as it is written. */
  readonly groupSchema?: JsonValue;
  /** Alternatives of what the handler emits, as text; absent if the operation does not say. */
  readonly emits?: Written<readonly string[]>;
  readonly retry: Written<RetryPolicy>;
}

/** The answer to a message that a service sends or receives. */
export interface ReplyUse extends Use {
  /** `receive`: the service takes the request and answers it. `send`: it waits for the answer. */
  readonly action: 'send' | 'receive';
  /** The topic of the answer, or the spot in the request that names it: a runtime expression. */
  readonly to: Written<{ readonly topic: string } | { readonly location: string }>;
  /** The topic of the answers, with the messages that they may be. */
  readonly answers: EventTopic;
}

/** A timer or an effect of a service. */
export interface LaterUse {
  readonly service: string;
  readonly kind: LaterView['kind'];
  /** Its key in the document. */
  readonly name: string;
  readonly loc: Loc;
  /** What its rows carry: `payload`, and the `outcome` of an effect. */
  readonly records: ReadonlyMap<string, Extract<Payload, { kind: 'avro' }>>;
  /** How long a call of an effect may take, in milliseconds. */
  readonly timeout?: Written<number>;
  /** Like those of a receive operation. */
  readonly emits?: Written<readonly string[]>;
  readonly retry: Written<RetryPolicy>;
}

/** Reads the AsyncAPI documents of a side. Throws an `UnusableSide` if an Avro schema has errors. */
export function eventsOf(side: Side): Events {
  return new Reader(side).read();
}

class Reader {
  readonly #side: Side;
  readonly #view: ReturnType<typeof eventsView>;
  readonly #avro: AvroPayloads;

  constructor(side: Side) {
    this.#side = side;
    this.#view = eventsView(side.workspace);
    const channels = this.#view.documents.flatMap((document) => document.channels);
    const messages = channels.flatMap((channel) => channel.messages).filter(({ cursor }) => isAvro(cursor));
    const laters = this.#view.documents.flatMap((document) => laterViews(document));
    this.#avro = avroPayloads(side.workspace, [
      ...messages.flatMap(({ cursor }) => cursor.get('payload') ?? []),
      ...laters.flatMap(({ kind, cursor }) => LATER_PAYLOADS[kind].flatMap((key) => cursor.get(key) ?? [])),
    ]);
    refuseErrors(side, this.#avro.findings);
  }

  read(): Events {
    const { documents } = this.#view;
    const topics = new Map<string, EventTopic>();
    const copies: { readonly service: string; readonly topic: EventTopic }[] = [];
    const operations = documents.flatMap((document) => document.operations);
    const answered = new Set(operations.flatMap(({ reply }) => reply?.channel?.identity ?? []));
    for (const { channels, service } of documents)
      for (const channel of channels) {
        // Only a request says where its answers go, so the key of their channel is not on the wire.
        const isUnknown = channel.cursor.get('address') !== undefined || answered.has(channel.identity);
        if (isUnknown && !hasAddress(channel)) continue;
        const topic = this.#topic(channel);
        if (topic.isForeign) copies.push({ service: service.name, topic });
        // The owner's document says what is sent. A copy in another service says only what that service reads.
        const isOwn = channel.owner === service.name && !topic.isForeign;
        if (!topics.has(topic.name) || isOwn) topics.set(topic.name, topic);
      }
    const receives = operations.flatMap((operation) => this.#receives(operation));
    const { config } = this.#side.workspace;
    const deadLetters = new Map(
      config.dlq === ''
        ? []
        : [...new Set(receives.map(({ service }) => service))].flatMap((name) => {
            const loc = documents.find((document) => document.service.name === name)?.service.loc;
            return loc ? [[name, { value: dlqName(config, name), loc: this.#shown(loc) }] as const] : [];
          }),
    );
    const sends = operations.flatMap((operation) => this.#uses(operation, 'send'));
    const laters = documents.flatMap((document) =>
      laterViews(document).map((later) => this.#later(document.service.name, later)),
    );
    const replies = operations.flatMap((operation) => this.#replies(operation));
    const shown = new Map(
      documents.flatMap(({ root }) =>
        isObject(root.value) ? [[this.#shown(root.loc).file, root.value] as const] : [],
      ),
    );
    return { side: this.#side, documents: shown, topics, copies, sends, receives, laters, replies, deadLetters };
  }

  #shown(loc: Loc): Loc {
    return shownLoc(this.#side, loc);
  }

  #topic(channel: ChannelView): EventTopic {
    const { cursor } = channel;
    const { name, owner, kind, partitions, config } = topicOf(channel);
    const { cursor: key, expression } = keyOf(cursor) ?? {};
    const kafka = cursor.at('bindings', 'kafka');
    const near = (...keys: readonly string[]): Loc => this.#shown((kafka?.at(...keys) ?? kafka ?? cursor).loc);
    const messages = new Map<string, EventMessage>();
    for (const message of channel.messages.map((view) => this.#message(view)))
      if (!messages.has(message.type)) messages.set(message.type, message);
    return {
      name,
      loc: this.#shown((cursor.get('address') ?? cursor).loc),
      owner,
      isForeign: kind === 'foreign',
      ...(key && expression ? { key: { value: expression, loc: this.#shown(key.loc) } } : {}),
      partitions: { value: partitions, loc: near('partitions') },
      settings: { value: config, loc: near('topicConfiguration') },
      messages,
    };
  }

  #message({ name, cursor }: MessageView): EventMessage {
    const payload = this.#payload(cursor);
    const traits = (cursor.get('traits')?.items() ?? []).flatMap((trait) => trait.get('headers') ?? []);
    const own = cursor.get('headers');
    const headers = own ? [...traits, own] : traits;
    // Traits are merged in their order, and the message is last (AsyncAPI 3.0, "Traits Merge Mechanism").
    const parts = [...(cursor.get('traits')?.items() ?? []), cursor];
    const correlation = parts.flatMap((part) => part.at('correlationId', 'location') ?? []).at(-1);
    const kafka = parts.map((part) => part.at('bindings', 'kafka')?.value).filter(isObject);
    const said = payload.kind === 'avro' ? payload.record.name : headers.map(typeIn).find((type) => type !== undefined);
    return {
      type: said ?? cursor.get('name')?.string() ?? name,
      hasType: said !== undefined,
      name,
      loc: this.#shown(cursor.loc),
      payload,
      headers,
      ...(correlation ? { correlation: this.#written(correlation) } : {}),
      kafka: kafka.reduce<JsonObject>((all, one) => ({ ...all, ...one }), {}),
    };
  }

  #written(cursor: Cursor): Written<string> {
    return { value: cursor.string() ?? '', loc: this.#shown(cursor.loc) };
  }

  #payload(cursor: Cursor): Payload {
    const payload = cursor.get('payload');
    if (!payload) return { kind: 'none', loc: this.#shown(cursor.loc) };
    const format = payload.get('schemaFormat')?.string();
    const inner = format === undefined ? payload : payload.get('schema');
    const loc = this.#shown((inner ?? payload).loc);
    const record = this.#avro.of(payload)?.record;
    if (record) return { kind: 'avro', record, loc };
    const dialect = dialectOf(format);
    return inner && dialect
      ? { kind: 'json', schema: inner, dialect, loc }
      : { kind: 'other', format: format ?? 'unknown', loc };
  }

  #uses(operation: AsyncOperationView, action: string): readonly (Use & { readonly name: string })[] {
    const { channel, service } = operation;
    if (operation.action !== action || !channel) return [];
    const topic = topicOf(channel).name;
    const loc = this.#shown(operation.cursor.loc);
    return operation.messages.map((message) => ({
      service: service.name,
      topic,
      type: this.#message(message).type,
      name: message.name,
      loc,
    }));
  }

  #receives(operation: AsyncOperationView): readonly ReceiveUse[] {
    const { cursor, key } = operation;
    const parts = [...(cursor.get('traits')?.items() ?? []), cursor];
    const group = parts.flatMap((part) => part.at('bindings', 'kafka', 'groupId') ?? []).at(-1);
    const groupId = group && onlyValue(group.value);
    const handling = this.#handling(cursor, handlingOfOperation(cursor));
    const batch = batchOf(cursor).policy;
    return this.#uses(operation, 'receive').map(({ name, ...use }) => ({
      ...use,
      operation: key,
      handler: handlerOf(key, name, batch),
      takesAll: !cursor.get('messages'),
      ...(group ? { groupSchema: group.value } : {}),
      ...(group && groupId !== undefined ? { group: { value: groupId, loc: this.#shown(group.loc) } } : {}),
      ...handling,
    }));
  }

  #replies(operation: AsyncOperationView): readonly ReplyUse[] {
    const { action, reply } = operation;
    if (!reply || (action !== 'send' && action !== 'receive')) return [];
    const { cursor, channel } = reply;
    const loc = this.#shown(cursor.loc);
    const topic = channel ? this.#topic(channel) : nameless(loc);
    const messages = new Map(reply.messages.map((view) => this.#message(view)).map((one) => [one.type, one]));
    const said = cursor.at('address', 'location');
    const isFixed = !said && channel !== undefined && hasAddress(channel);
    return this.#uses(operation, action).map(({ name: _, ...use }) => {
      const name = isFixed ? topic.name : `replies to ${use.topic}`;
      return {
        ...use,
        action,
        loc,
        to: {
          value: isFixed ? { topic: name } : { location: said?.string() ?? '' },
          loc: this.#shown((said ?? cursor.get('channel') ?? cursor).loc),
        },
        answers: { ...topic, name, messages },
      };
    });
  }

  #later(service: string, { kind, name, cursor }: LaterView): LaterUse {
    const records = LATER_PAYLOADS[kind].flatMap((key) => {
      const payload = cursor.get(key);
      const record = this.#avro.of(payload)?.record;
      const loc = payload?.get('schema')?.loc;
      return record && loc ? [[key, { kind: 'avro' as const, record, loc: this.#shown(loc) }] as const] : [];
    });
    const timeout = kind === 'effect' ? timeoutOf(cursor) : undefined;
    const timeoutLoc = this.#shown((cursor.get('timeout') ?? cursor).loc);
    return {
      service,
      kind,
      name,
      loc: this.#shown(cursor.loc),
      records: new Map(records),
      ...(timeout === undefined ? {} : { timeout: { value: timeout, loc: timeoutLoc } }),
      ...this.#handling(cursor, handlingOfLater(cursor)),
    };
  }

  /** What a handler may emit, and how often it is tried. */
  #handling(cursor: Cursor, { emits, retry }: HandlingView): Pick<ReceiveUse, 'emits' | 'retry'> {
    return {
      ...(emits ? { emits: { value: alternativesOf(emits), loc: this.#shown(emits.loc) } } : {}),
      retry: { value: retryOf(retry).policy, loc: this.#shown((retry ?? cursor).loc) },
    };
  }
}

function alternativesOf(emits: Cursor): readonly string[] {
  return emitsOf(emits)
    .alternatives.map((tuple) => tuple.map(({ message, many }) => `${message}${many ? '*' : ''}`).join(', '))
    .toSorted();
}

/** Whether the document says which topic a channel is. A channel of answers need not. */
function hasAddress({ address, cursor }: ChannelView): boolean {
  return address !== undefined || cursor.at('bindings', 'kafka', 'topic') !== undefined;
}

/** A topic for answers if the document does not name their channel. */
function nameless(loc: Loc): EventTopic {
  const said = { partitions: { value: 1, loc }, settings: { value: {}, loc } };
  return { name: '', loc, owner: '', isForeign: false, ...said, messages: new Map() };
}

function isAvro(message: Cursor): boolean {
  return message.at('payload', 'schemaFormat')?.string()?.startsWith('application/vnd.apache.avro') === true;
}

/** The dialect that a `schemaFormat` names: AsyncAPI 3.0, "Multi Format Schema Object". */
function dialectOf(format: string | undefined): Dialect | undefined {
  if (format === undefined || format.startsWith('application/vnd.aai.asyncapi')) return 'draft-07';
  if (format.startsWith('application/vnd.oai.openapi'))
    return format.includes('=3.0') ? 'openapi-3.0' : format.includes('=3.1') ? '2020-12' : undefined;
  if (!format.startsWith('application/schema+')) return undefined;
  return format.includes('2020-12') ? '2020-12' : format.includes('draft-07') ? 'draft-07' : undefined;
}

/** Headers that say the type of a message: of CloudEvents in Kafka's binary mode, and common ones. */
const TYPE_HEADERS = ['ce_type', 'type', 'eventType', 'event-type'];

function typeIn(headers: Cursor): string | undefined {
  return TYPE_HEADERS.map((name) => onlyValue(headers.at('properties', name)?.value)).find(
    (type) => type !== undefined,
  );
}

/** The text that a schema or a value allows, if it is only one. */
function onlyValue(schema: JsonValue | undefined): string | undefined {
  if (typeof schema === 'string') return schema;
  if (!isObject(schema)) return undefined;
  const { const: only, enum: values } = schema;
  const [first, ...others] = Array.isArray(values) ? values : [only];
  return typeof first === 'string' && others.length === 0 ? first : undefined;
}
