import { isObject, type JsonValue } from '@atlas/ir';
import type { Dice } from './dice.ts';
import {
  isValueOf,
  valueOf,
  type RandomEvents,
  type RandomMessage,
  type RandomTopic,
  type WireRecord,
} from './randomEvents.ts';

/** Records that the service of a version sends: of each type that it sends. */
export function sentBy(dice: Dice, { topics, sends }: RandomEvents): readonly WireRecord[] {
  return sends.flatMap((send) =>
    topics
      .filter(({ id }) => id === send.topic)
      .flatMap((topic) =>
        topic.messages.filter(({ type }) => send.types.includes(type)).map((message) => recordOf(dice, topic, message)),
      ),
  );
}

function recordOf(dice: Dice, topic: RandomTopic, { type, fields, tenant }: RandomMessage): WireRecord {
  const there = fields.filter(({ required }) => required || dice.once(2));
  const value = Object.fromEntries(there.map((field) => [field.name, valueOf(dice, field)]));
  const hasTenant = tenant === 'required' || (tenant === 'optional' && dice.once(2));
  const headers = { ce_type: type, ...(hasTenant ? { tenant: 't' } : {}) };
  const key = topic.key === undefined ? {} : { key: String(value[topic.key] ?? '') };
  return { topic: topic.address, ...key, headers, value };
}

/** Why a service of a version does not read a record; undefined if it does. Types that it does not know are skipped. */
export function refusal({ topics }: RandomEvents, record: WireRecord, isOwnTopic: boolean): string | undefined {
  const topic = topics.find(({ address }) => address === record.topic);
  if (!topic) return isOwnTopic ? 'there is no such topic' : undefined;
  const type = record.headers['ce_type'];
  const message = topic.messages.find((one) => one.type === type);
  if (!message) return isOwnTopic ? 'nothing knows its type' : undefined;
  if (message.tenant === 'required' && record.headers['tenant'] === undefined) return 'a header is missing';
  for (const field of message.fields) {
    const value = record.value[field.name];
    if (value === undefined ? field.required : !isValueOf(field, value)) return `${field.name} is wrong`;
  }
  return undefined;
}

/** What consumers of the old version see of the new one, and the other way round, apart from the data of records. */
export function contractBreak(old: RandomEvents, next: RandomEvents): string | undefined {
  for (const topic of old.topics) {
    const same = next.topics.find(({ address }) => address === topic.address);
    if (!same) return `the topic ${topic.address} is gone`;
    // without a key there was no order to rely on
    if (topic.key !== undefined && same.key !== topic.key) return `records of ${topic.address} have other keys`;
    if (same.partitions < topic.partitions || (topic.key !== undefined && same.partitions !== topic.partitions))
      return `records of ${topic.address} are in other partitions`;
    if (same.retention < topic.retention) return `records of ${topic.address} are gone sooner`;
    if (same.compact && !topic.compact) return `older records of a key of ${topic.address} are gone`;
    for (const message of topic.messages) {
      const now = same.messages.find(({ type }) => type === message.type);
      if (!now) return `${message.type} is gone`;
      if (isSent(old, topic, message.type) && !isSent(next, same, message.type)) return `nobody sends ${message.type}`;
    }
  }
  for (const { topic, types, reply } of old.receives) {
    if (!reply) continue;
    const [asked, answered] = [topic, reply.topic].map((id) => old.topics.find((one) => one.id === id)?.address);
    const now = next.receives.find((one) => next.topics.find(({ id }) => id === one.topic)?.address === asked);
    if (!now || !types.every((type) => now.types.includes(type))) continue; // the sender then waits in vain: below
    const to = now.reply && next.topics.find(({ id }) => id === now.reply?.topic)?.address;
    if (to !== answered) return 'the answer goes elsewhere, or there is none';
    if (!now.reply?.types.every((type) => reply.types.includes(type))) return 'the answer may be of an unknown type';
  }
  return undefined;
}

function isSent({ sends }: RandomEvents, { id }: RandomTopic, type: string): boolean {
  return sends.some(({ topic, types }) => topic === id && types.includes(type));
}

/** The record of a witness. Undefined if it is something else, such as a row. */
export function recordIn(value: JsonValue | undefined): WireRecord | undefined {
  if (!isObject(value) || typeof value['topic'] !== 'string') return undefined;
  const { topic, key, headers, value: payload } = value;
  const texts = Object.entries(isObject(headers) ? headers : {}).map(([name, text]) => [name, String(text)] as const);
  const members = Object.entries(isObject(payload) ? payload : {}).flatMap(([name, member]) =>
    member === undefined ? [] : [[name, member] as const],
  );
  return {
    topic,
    ...(typeof key === 'string' ? { key } : {}),
    headers: Object.fromEntries(texts),
    value: Object.fromEntries(members),
  };
}
