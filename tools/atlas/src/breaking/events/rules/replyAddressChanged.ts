import type { Witness } from '../../finding.ts';
import { withNames, proven, reachedMessage, type EventRule, type EventsContext, type ReplyPair } from '../context.ts';
import { isSamePlace, locationOf, pointerOf, valueAt, withText } from '../location.ts';
import { recordWitness } from '../records.ts';
import type { ReplyUse } from '../view.ts';

export const replyAddressChanged: EventRule = {
  id: 'reply-address-changed',
  purpose:
    'Answers go to another topic, or a request names the topic in another place, so the service that waits does not get them.',
  level: 'wire',
  *check(context) {
    for (const pair of context.replies) {
      const { old, new: next } = pair;
      if (isSame(old.to.value, next.to.value) || isGone(context, old)) continue;
      const { service, action, topic, type } = next;
      const consumers = peersOf(context, pair);
      const peers = withNames(action === 'receive' ? 'the services that ask' : 'the services that answer', consumers);
      yield proven(
        {
          change: 'reply-address-changed',
          message: `answers to ${type} go to ${shown(next)} instead of ${shown(old)}`,
          old: old.to.loc,
          new: next.to.loc,
          reaches: [reachedMessage(topic, type)],
          consumers,
          spot: `${service} ${action} ${topic} ${type}`,
          safePath:
            action === 'receive'
              ? [`answer in both places`, `move ${peers} to the new one`, 'stop answering in the old one']
              : [`let ${peers} answer in both places`, `move ${service} to the new one`, 'stop using the old one'],
        },
        requestWitness(context, pair),
      );
    }
  },
};

function isSame(before: ReplyUse['to']['value'], after: ReplyUse['to']['value']): boolean {
  if ('topic' in before && 'topic' in after) return before.topic === after.topic;
  return 'location' in before && 'location' in after && isSamePlace(before.location, after.location);
}

/** Whether the topic of the answers is removed or renamed, which has a finding of its own. */
function isGone({ removed }: EventsContext, { to }: ReplyUse): boolean {
  return removed.some(({ name }) => 'topic' in to.value && to.value.topic === name);
}

function shown({ to }: ReplyUse): string {
  if ('topic' in to.value) return to.value.topic;
  return to.value.location === '' ? 'an address that is not declared' : `the address in ${to.value.location}`;
}

/** The other services of the exchange. */
function peersOf({ old, new: next }: EventsContext, { new: { action, topic, type } }: ReplyPair): readonly string[] {
  const role = action === 'receive' ? 'send' : 'receive';
  const replies = [...old.replies, ...next.replies].filter(
    (reply) => reply.action === role && reply.topic === topic && reply.type === type,
  );
  return [...new Set(replies.map(({ service }) => service))].toSorted();
}

/** A request that one version sends, and whose answer the other one sends elsewhere. */
function requestWitness(context: EventsContext, { old, new: next }: ReplyPair): Witness | undefined {
  // A service that answers gets requests from old services. A service that asks gets answers from old services.
  const [side, asking, answering] =
    old.action === 'receive' ? (['old', old, next] as const) : (['new', next, old] as const);
  const topic = context[side].topics.get(asking.topic);
  const message = topic?.messages.get(asking.type);
  if (!topic || !message) return undefined;
  const place = 'location' in asking.to.value ? locationOf(asking.to.value.location) : undefined;
  if ('location' in asking.to.value && !place) return undefined;
  const plain = context.records[side].of(topic, message, { headers: context.records[side].headers(message) });
  const record = place ? withText(plain, place, ADDRESS) : plain;
  if (!record || !context.records[side].accepts(message, record)) return undefined;
  if ('location' in answering.to.value) {
    const other = locationOf(answering.to.value.location);
    if (!other || valueAt(record, other) === ADDRESS) return undefined;
  }
  return recordWitness(
    side,
    record,
    place ? pointerOf(place) : '',
    `the ${side} version waits for the answer at ${shown(asking)}, and the ${side === 'old' ? 'new' : 'old'} one answers at ${shown(answering)}`,
  );
}

/** An address that a requester may choose. */
const ADDRESS = 'answers.of.one.client';
