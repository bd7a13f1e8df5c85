import { avroModel } from '../avroModel.ts';
import { canonicalAvro } from '../avroText.ts';
import type { Message, Receive } from '../events.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Service } from '../system.ts';
import { emitTuples, isList, isObject, keyExpression, retryPolicy } from './names.ts';

export interface FromAsyncApi {
  /** The document as the official parser gives it as JSON: references resolved, traits applied, `x-parser-*` added. */
  readonly document: JsonValue;
  /** The document does not say what its service is called. */
  readonly service: string;
  /** Path of the document's file, as generated files are to name it. */
  readonly file: string;
  /** Avro types that other files define, by full name. */
  readonly named: (fullName: string) => JsonValue | undefined;
  /** First 32 hex digits of SHA-256 over UTF-8. */
  readonly fingerprint: (text: string) => string;
}

/** What an AsyncAPI document alone says of a service, as far as event files are made of it. */
export interface ServiceOfDocument {
  readonly service: Service;
  /** The key of each topic's channel in the document. */
  readonly channelOf: (message: Message) => string;
}

/**
 * The events' part of the model from a document that `atlas check` accepts. Lines and columns are unknown here, so that no
 * generated file may name one; the owner of what is read is unknown too, and left empty.
 */
export function irFromAsyncApi({ document, service: name, file, named, fingerprint }: FromAsyncApi): ServiceOfDocument {
  const root = isObject(document) ? withoutParserKeys(document) : {};
  const ids = isObject(document) ? document : {};
  const channels = new Map<string, string>();
  const sends = new Map<string, Message>();
  const receives: Receive[] = [];
  for (const [key, operation] of members(ids['operations'])) {
    const channel = object(operation['channel']);
    const channelKey = text(channel['x-parser-unique-object-id']) ?? '';
    for (const item of listed(operation, channel)) {
      const owner = operation['action'] === 'send' ? name : '';
      const message = messageOf(item, channel, channelKey, owner, { named, fingerprint });
      if (operation['action'] === 'send') {
        channels.set(message.topic, channelKey);
        sends.set(message.name, message);
      } else receives.push(receiveOf(key, operation, message));
    }
  }
  const info = object(root['info']);
  const service: Service = {
    loc: NOWHERE,
    name,
    asyncapi: { loc: { ...NOWHERE, file }, title: text(info['title']) ?? '', version: text(info['version']) ?? '' },
    sends: [...sends.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    // What it sends itself it knows as its own.
    receives: receives
      .map((receive) => ({ ...receive, message: sends.get(receive.message.name) ?? receive.message }))
      .toSorted((left, right) => (left.handler < right.handler ? -1 : 1)),
  };
  return { service, channelOf: ({ topic }) => channels.get(topic) ?? topic };
}

const NOWHERE = { file: '', line: 1, column: 1, pointer: '' };

interface Named {
  readonly name: string;
  readonly value: JsonObject;
}

/** The messages of an operation, all of its channel where it lists none, under the names that the channel gives them. */
function listed(operation: JsonObject, channel: JsonObject): readonly Named[] {
  const known = members(channel['messages']).map(([name, value]): Named => ({ name, value }));
  if (!isList(operation['messages'])) return known;
  return operation['messages'].map((item) => {
    const value = object(item);
    const id = text(value['x-parser-message-name']) ?? text(value['x-parser-unique-object-id']) ?? '';
    return (
      known.find((candidate) => candidate.value === item) ??
      known.find(({ name }) => name === id) ?? { name: id, value }
    );
  });
}

function messageOf(
  { name, value }: Named,
  channel: JsonObject,
  channelKey: string,
  owner: string,
  { named, fingerprint }: Pick<FromAsyncApi, 'named' | 'fingerprint'>,
): Message {
  const schema = withoutParserKeys(object(value['payload'])['schema'] ?? null);
  const canonical = canonicalAvro(schema, named);
  const avro = avroModel(canonical);
  const kafka = object(object(channel['bindings'])['kafka']);
  const topic = text(kafka['topic']) ?? text(channel['address']) ?? channelKey;
  const key = text(channel['x-atlas-key']);
  const summary = text(value['summary']);
  const schemaText = JSON.stringify(canonical);
  return {
    loc: NOWHERE,
    name,
    owner,
    topic,
    ...(key === undefined ? {} : { key: keyExpression(key) }),
    ...(summary === undefined ? {} : { summary }),
    recordName: avro.name,
    avro,
    subject: `${topic}-${avro.name}`,
    schemaText,
    fingerprint: fingerprint(schemaText),
  };
}

function receiveOf(operation: string, value: JsonObject, message: Message): Receive {
  const summary = text(value['summary']);
  return {
    loc: NOWHERE,
    operation,
    handler: `on${message.name}`,
    message,
    ...(summary === undefined ? {} : { summary }),
    emits: emitTuples(value['x-atlas-emits']),
    retry: retryPolicy(value['x-atlas-retry']),
  };
}

/** What the parser adds for itself stands in schemas too, where it would become part of what is registered. */
function withoutParserKeys<Value extends JsonValue>(value: Value): Value;
function withoutParserKeys(value: JsonValue): JsonValue {
  if (isList(value)) return value.map((item) => withoutParserKeys(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) =>
      key.startsWith('x-parser-') || child === undefined ? [] : [[key, withoutParserKeys(child)]],
    ),
  );
}

function members(value: JsonValue | undefined): readonly (readonly [string, JsonObject])[] {
  return Object.entries(object(value)).flatMap(([key, child]) => (isObject(child) ? [[key, child] as const] : []));
}

function object(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
