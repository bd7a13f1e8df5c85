import { EXTENSION, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Dice } from './dice.ts';

/** What a service has on its topics. Documents are written from it, and peers of it know nothing of documents. */
export interface RandomEvents {
  readonly topics: readonly RandomTopic[];
  /** Topics that the service sends to, with the types that it sends. */
  readonly sends: readonly { readonly topic: string; readonly types: readonly string[] }[];
  readonly receives: readonly RandomReceive[];
}

export interface RandomTopic {
  /** What documents call it. It is not on the wire. */
  readonly id: string;
  readonly address: string;
  /** The field that records take their key from. */
  readonly key?: string;
  readonly partitions: number;
  /** In milliseconds. */
  readonly retention: number;
  readonly compact: boolean;
  readonly messages: readonly RandomMessage[];
}

export interface RandomMessage {
  /** As the header `ce_type` says it. */
  readonly type: string;
  readonly fields: readonly RandomField[];
  /** The header `tenant`. */
  readonly tenant: 'none' | 'optional' | 'required';
  /** The field with its correlation id. */
  readonly correlation?: string;
}

export interface RandomField {
  readonly name: string;
  readonly required: boolean;
  readonly type: 'text' | 'integer' | 'flag' | 'choice';
  /** The most letters of a text, the greatest integer, or how many choices there are. */
  readonly most: number;
}

export interface RandomReceive {
  readonly topic: string;
  readonly types: readonly string[];
  readonly group: string;
  readonly retries: number;
  /** Where and what it answers. */
  readonly reply?: { readonly topic: string; readonly types: readonly string[] };
}

/** A record on the wire. */
export interface WireRecord {
  readonly topic: string;
  readonly key?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Readonly<Record<string, JsonValue>>;
}

const CHOICES = ['A', 'B', 'C', 'D'];

/** Two or three topics. The service sends to all of them, and answers on the last what it receives on the first. */
export function randomEvents(dice: Dice): RandomEvents {
  const topics = ['made', 'paid', 'told'].slice(0, 2 + dice.below(2)).map((id) => randomTopic(dice, id));
  const [first] = topics;
  const last = topics.at(-1);
  const types = (topic: RandomTopic): readonly string[] => topic.messages.map(({ type }) => type);
  if (!first || !last) throw new Error('there are two topics at least');
  const reply = dice.once(2) ? { reply: { topic: last.id, types: types(last) } } : {};
  return {
    topics,
    sends: topics.map((topic) => ({ topic: topic.id, types: types(topic) })),
    receives: [{ topic: first.id, types: types(first), group: 'desk', retries: 5, ...reply }],
  };
}

function randomTopic(dice: Dice, id: string): RandomTopic {
  const messages = ['Made', 'Changed', 'Gone'].slice(0, 1 + dice.below(3));
  return {
    id,
    address: `acme.${id}.v1`,
    ...(dice.once(3) ? {} : { key: 'id' }),
    partitions: 3,
    retention: 86_400_000 * (1 + dice.below(3)),
    compact: dice.once(4),
    messages: messages.map((name) => randomMessage(dice, `${id}${name}`)),
  };
}

export function randomMessage(dice: Dice, type: string): RandomMessage {
  const names = dice.some(['seat', 'price', 'note']);
  return {
    type,
    fields: [
      { name: 'id', required: true, type: 'text', most: 8 },
      { name: 'group', required: true, type: 'text', most: 8 },
      ...names.map((name) => randomField(dice, name)),
    ],
    tenant: dice.pick(['none', 'optional', 'required']),
    ...(dice.once(3) ? { correlation: 'id' } : {}),
  };
}

export function randomField(dice: Dice, name: string): RandomField {
  const type = dice.pick(['text', 'integer', 'flag', 'choice'] as const);
  return { name, required: dice.once(2), type, most: 2 + dice.below(2) };
}

/** How a document says what it says. */
export interface Wording {
  /** Whether messages stand in their channels. */
  readonly inline: boolean;
  /** Whether headers come from a trait. */
  readonly traits: boolean;
  /** What ids of channels and of sending operations end with. */
  readonly suffix: string;
}

export const PLAIN: Wording = { inline: false, traits: false, suffix: '' };

/** The AsyncAPI document. */
export function documentOf({ topics, sends, receives }: RandomEvents, { inline, traits, suffix }: Wording): JsonObject {
  const channel = (id: string): JsonObject => ({ $ref: `#/channels/${id}${suffix}` });
  const messagesOf = (id: string, types: readonly string[]): JsonObject[] =>
    types.map((type) => ({ $ref: `#/channels/${id}${suffix}/messages/${type}` }));
  const messages = topics.flatMap((topic) =>
    topic.messages.map((one) => [one.type, messageObject(one, traits)] as const),
  );
  const all = new Map(messages);
  const channels = topics.map((topic): [string, JsonObject] => [
    `${topic.id}${suffix}`,
    {
      address: topic.address,
      ...(topic.key === undefined ? {} : { [EXTENSION.key]: `$message.payload#/${topic.key}` }),
      bindings: { kafka: kafkaOf(topic) },
      messages: Object.fromEntries(
        topic.messages.map(({ type }) => [
          type,
          inline ? (all.get(type) ?? null) : { $ref: `#/components/messages/${type}` },
        ]),
      ),
    },
  ]);
  const sending = sends.map(({ topic, types }): [string, JsonObject] => [
    `send-${topic}${suffix}`,
    { action: 'send', channel: channel(topic), messages: messagesOf(topic, types) },
  ]);
  const receiving = receives.map(({ topic, types, group, retries, reply }): [string, JsonObject] => [
    `on-${topic}`,
    {
      action: 'receive',
      channel: channel(topic),
      messages: messagesOf(topic, types),
      bindings: { kafka: { groupId: { const: group } } },
      [EXTENSION.retry]: { retries },
      ...(reply ? { reply: { channel: channel(reply.topic), messages: messagesOf(reply.topic, reply.types) } } : {}),
    },
  ]);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Desk', version: '1.0.0' },
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries([...sending, ...receiving]),
    ...(inline ? {} : { components: { messages: Object.fromEntries(all) } }),
  };
}

function kafkaOf({ partitions, retention, compact }: RandomTopic): JsonObject {
  const cleanup = compact ? ['delete', 'compact'] : ['delete'];
  return { partitions, replicas: 1, topicConfiguration: { 'retention.ms': retention, 'cleanup.policy': cleanup } };
}

function messageObject({ type, fields, tenant, correlation }: RandomMessage, traits: boolean): JsonObject {
  const headers: JsonObject = {
    type: 'object',
    required: ['ce_type', ...(tenant === 'required' ? ['tenant'] : [])],
    properties: { ce_type: { const: type }, ...(tenant === 'none' ? {} : { tenant: { type: 'string' } }) },
  };
  return {
    ...(traits ? { traits: [{ headers }] } : { headers }),
    ...(correlation === undefined ? {} : { correlationId: { location: `$message.payload#/${correlation}` } }),
    payload: {
      type: 'object',
      required: fields.filter(({ required }) => required).map(({ name }) => name),
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
    },
  };
}

function schemaOf({ type, most }: RandomField): JsonObject {
  switch (type) {
    case 'text':
      return { type: 'string', maxLength: most };
    case 'integer':
      return { type: 'integer', minimum: 0, maximum: most };
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { enum: CHOICES.slice(0, most) };
  }
}

/** A value of a field, often at its edge. */
export function valueOf(dice: Dice, { type, most }: RandomField): JsonValue {
  switch (type) {
    case 'text':
      return 'x'.repeat(dice.pick([0, 1, most]));
    case 'integer':
      return dice.pick([0, 1, most]);
    case 'flag':
      return dice.once(2);
    case 'choice':
      return dice.pick(CHOICES.slice(0, most));
  }
}

/** Whether a value belongs to a field. */
export function isValueOf({ type, most }: RandomField, value: JsonValue): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length <= most;
    case 'integer':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && CHOICES.slice(0, most).includes(value);
  }
}
