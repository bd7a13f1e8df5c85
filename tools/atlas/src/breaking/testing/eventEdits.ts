import type { Dice } from './dice.ts';
import {
  randomField,
  randomMessage,
  type RandomEvents,
  type RandomMessage,
  type RandomReceive,
  type RandomTopic,
} from './randomEvents.ts';

type EventEdit = (events: RandomEvents, dice: Dice) => RandomEvents;

const DAY = 86_400_000;

/** Edits of what is on the wire, and of the policies around it. */
const EDITS: Readonly<Record<string, EventEdit>> = {
  'another address': ofTopic((topic) => ({ ...topic, address: topic.address.replace('.v1', '.v2') })),
  'another key': ofTopic((topic) => ({ ...topic, key: topic.key === 'id' ? 'group' : 'id' })),
  'no key': ofTopic(({ key: _, ...topic }) => topic),
  'other partitions': ofTopic((topic, dice) => ({ ...topic, partitions: dice.pick([2, 4, 6]) })),
  'another retention': ofTopic((topic, dice) => ({ ...topic, retention: DAY * (1 + dice.below(4)) })),
  'another cleanup': ofTopic((topic) => ({ ...topic, compact: !topic.compact })),
  'one message more': ofTopic((topic, dice) => ({
    ...topic,
    messages: [...topic.messages, randomMessage(dice, `${topic.id}New`)],
  })),
  'one message less': (events, dice) => {
    const topic = dice.pick(events.topics.filter(({ messages }) => messages.length > 1).concat(events.topics));
    const { type } = dice.pick(topic.messages);
    return topic.messages.length > 1 ? withoutType(events, type) : events;
  },
  'a topic less': (events, dice) => {
    const free = events.topics.filter(
      ({ id }) => !events.receives.some((one) => one.topic === id || one.reply?.topic === id),
    );
    const gone = free.length > 0 ? dice.pick(free) : undefined;
    const { topics, sends, receives } = events;
    return {
      topics: topics.filter((one) => one !== gone),
      sends: sends.filter(({ topic }) => topic !== gone?.id),
      receives,
    };
  },
  'a topic more': ({ topics, ...rest }, dice) => ({
    ...rest,
    topics: [
      ...topics,
      {
        id: 'more',
        address: 'acme.more.v1',
        partitions: 1,
        retention: DAY,
        compact: false,
        messages: [randomMessage(dice, 'More')],
      },
    ],
  }),
  'another type': ofMessage((message) => ({ ...message, type: message.type.replace(/2?$/, '2') })),
  'a type is sent no longer': ({ sends, ...rest }, dice) => {
    const chosen = dice.pick(sends);
    return {
      ...rest,
      sends: sends.map((send) =>
        send === chosen && send.types.length > 1 ? { ...send, types: send.types.slice(1) } : send,
      ),
    };
  },
  'nothing is sent': ({ sends, ...rest }) => ({ ...rest, sends: sends.slice(1) }),
  'another header': ofMessage((message, dice) => ({ ...message, tenant: dice.pick(['none', 'optional', 'required']) })),
  'one field more': ofMessage((message, dice) => ({
    ...message,
    fields: [...message.fields.filter(({ name }) => name !== 'extra'), randomField(dice, 'extra')],
  })),
  'one field less': ofMessage((message) => ({
    ...message,
    fields: message.fields.slice(0, Math.max(2, message.fields.length - 1)),
  })),
  'another field': ofMessage((message, dice) => ({
    ...message,
    fields: message.fields.map((field, index) => (index === 2 ? randomField(dice, field.name) : field)),
  })),
  'another length': ofMessage((message, dice) => ({
    ...message,
    fields: message.fields.map((field, index) => (index === 1 ? { ...field, most: dice.pick([2, 8, 20]) } : field)),
  })),
  'another correlation': ofMessage(({ correlation, ...message }) =>
    correlation === 'id'
      ? { ...message, correlation: 'group' }
      : { ...message, ...(correlation === undefined ? {} : { correlation: 'id' }) },
  ),
  'another group': ofReceive((receive) => ({ ...receive, group: 'desk2' })),
  'other retries': ofReceive((receive, dice) => ({ ...receive, retries: dice.pick([1, 5, 9]) })),
  'no answer': ofReceive(({ reply: _, ...receive }) => receive),
  'an answer elsewhere': (events, dice) => {
    const to = dice.pick(events.topics);
    return ofReceive((receive) =>
      receive.reply ? { ...receive, reply: { topic: to.id, types: to.messages.map(({ type }) => type) } } : receive,
    )(events, dice);
  },
};

function ofTopic(change: (topic: RandomTopic, dice: Dice) => RandomTopic): EventEdit {
  return (events, dice) => {
    const chosen = dice.pick(events.topics);
    return retyped(
      events,
      events.topics.map((topic) => (topic === chosen ? change(topic, dice) : topic)),
    );
  };
}

function ofMessage(change: (message: RandomMessage, dice: Dice) => RandomMessage): EventEdit {
  return ofTopic((topic, dice) => {
    const chosen = dice.pick(topic.messages);
    return { ...topic, messages: topic.messages.map((one) => (one === chosen ? change(one, dice) : one)) };
  });
}

function ofReceive(change: (receive: RandomReceive, dice: Dice) => RandomReceive): EventEdit {
  return (events, dice) => ({ ...events, receives: events.receives.map((one) => change(one, dice)) });
}

/** The events with other topics: who sent all types of a topic still does, and so on. */
function retyped({ topics, sends, receives }: RandomEvents, next: readonly RandomTopic[]): RandomEvents {
  const typesOf = (list: readonly RandomTopic[], id: string): readonly string[] =>
    list.find((topic) => topic.id === id)?.messages.map(({ type }) => type) ?? [];
  const moved = (id: string, types: readonly string[]): readonly string[] => {
    const [before, after] = [typesOf(topics, id), typesOf(next, id)];
    if (types.length === before.length) return after;
    return types.flatMap((type) => after[before.indexOf(type)] ?? []);
  };
  return {
    topics: next,
    sends: sends.map(({ topic, types }) => ({ topic, types: moved(topic, types) })),
    receives: receives.map(({ reply, ...receive }) => ({
      ...receive,
      types: moved(receive.topic, receive.types),
      ...(reply ? { reply: { ...reply, types: moved(reply.topic, reply.types) } } : {}),
    })),
  };
}

function withoutType({ topics, sends, receives }: RandomEvents, gone: string): RandomEvents {
  const left = (types: readonly string[]): readonly string[] => types.filter((type) => type !== gone);
  return {
    topics: topics.map((topic) => ({ ...topic, messages: topic.messages.filter(({ type }) => type !== gone) })),
    sends: sends.map((send) => ({ ...send, types: left(send.types) })),
    receives: receives.map(({ reply, ...receive }) => ({
      ...receive,
      types: left(receive.types),
      ...(reply ? { reply: { ...reply, types: left(reply.types) } } : {}),
    })),
  };
}

/** One to three edits, with their names. */
export function editedEvents(
  events: RandomEvents,
  dice: Dice,
): { readonly names: readonly string[]; readonly next: RandomEvents } {
  const names = Array.from({ length: 1 + dice.below(3) }, () => dice.pick(Object.keys(EDITS)));
  return { names, next: names.reduce((now, name) => EDITS[name]?.(now, dice) ?? now, events) };
}
