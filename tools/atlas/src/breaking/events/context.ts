import type { UnprovenReason, Witness } from '../finding.ts';
import type { BreakingRule, RuleFinding } from '../rule.ts';
import type { Records } from './records.ts';
import type { EventMessage, Events, EventTopic, LaterUse, ReceiveUse, ReplyUse, Use } from './view.ts';

/** Two versions of the events, with the topics and messages that are the same on the wire. */
export interface EventsContext {
  readonly old: Events;
  readonly new: Events;
  readonly topics: readonly TopicPair[];
  /**
   * Topics of the old version that the new one does not have, except foreign ones, which a service may stop reading.
   */
  readonly removed: readonly EventTopic[];
  readonly replies: readonly ReplyPair[];
  /** Messages of topics and of answers. */
  readonly messages: readonly MessagePair[];
  /** Records that the old version writes, and that the new one writes. */
  readonly records: { readonly old: Records; readonly new: Records };
}

export interface TopicPair {
  readonly old: EventTopic;
  readonly new: EventTopic;
}

export interface MessagePair {
  readonly topics: TopicPair;
  readonly old: EventMessage;
  readonly new: EventMessage;
  /** The service whose own schema one of the sides is; absent if both schemas are the owner's. */
  readonly reader?: string;
}

export interface ReplyPair {
  readonly old: ReplyUse;
  readonly new: ReplyUse;
}

export type EventRule = BreakingRule<EventsContext>;

/** Pairs topics by name and messages by type: ids of documents are not on the wire. */
export function contextOf(old: Events, next: Events, records: EventsContext['records']): EventsContext {
  const topics: TopicPair[] = [];
  const removed: EventTopic[] = [];
  for (const topic of old.topics.values()) {
    const same = next.topics.get(topic.name);
    if (same) topics.push({ old: topic, new: same });
    else if (!topic.isForeign) removed.push(topic);
  }
  const replies = old.replies.flatMap((reply) => {
    const same = sameReply(next, reply);
    return same ? [{ old: reply, new: same }] : [];
  });
  const holders = [...topics, ...replies.map((pair) => ({ old: pair.old.answers, new: pair.new.answers }))];
  const messages = new Map<string, MessagePair>();
  for (const pair of holders)
    for (const message of pair.old.messages.values()) {
      const same = pair.new.messages.get(message.type);
      // answers on a topic are messages of the topic, too
      const key = [pair.old.name, pair.new.name, message.type].join(' ');
      if (same && !messages.has(key)) messages.set(key, { topics: pair, old: message, new: same });
    }
  return { old, new: next, topics, removed, replies, messages: [...messages.values()], records };
}

/** Services that receive from a topic in either version, or only messages of a type. Sorted. */
export function receiversOf({ old, new: next }: Pick<EventsContext, 'old' | 'new'>, topic: string, type?: string) {
  const uses = [old, next].flatMap((events) => [...events.receives, ...answersOf(events, 'send')]);
  return servicesIn(uses, topic, type);
}

/** Like `receiversOf`, for the services that send. */
export function sendersOf({ old, new: next }: Pick<EventsContext, 'old' | 'new'>, topic: string, type?: string) {
  const uses = [old, next].flatMap((events) => [...events.sends, ...answersOf(events, 'receive')]);
  return servicesIn(uses, topic, type);
}

/** The answers that services wait for (`send`), or that they send (`receive`). */
function answersOf(
  { replies }: Events,
  action: ReplyUse['action'],
): readonly Pick<Use, 'service' | 'topic' | 'type'>[] {
  return replies
    .filter((reply) => reply.action === action)
    .flatMap(({ service, answers }) =>
      [...answers.messages.keys()].map((type) => ({ service, topic: answers.name, type })),
    );
}

function servicesIn(
  uses: readonly Pick<Use, 'service' | 'topic' | 'type'>[],
  topic: string,
  type: string | undefined,
): readonly string[] {
  const wanted = uses.filter((use) => use.topic === topic && (type === undefined || use.type === type));
  return [...new Set(wanted.map(({ service }) => service))].toSorted();
}

/** The same reply in the other version, of the service, or else of one that took its place. */
export function sameReply({ replies }: Events, { service, action, topic, type }: ReplyUse): ReplyUse | undefined {
  const same = replies.filter((other) => other.action === action && other.topic === topic && other.type === type);
  return same.find((other) => other.service === service) ?? same[0];
}

/** An operation with the request of a reply, whether it has a reply or not. */
export function requestUse({ sends, receives }: Events, { service, action, topic, type }: ReplyUse): Use | undefined {
  const uses: readonly Use[] = action === 'send' ? sends : receives;
  return uses.find((use) => use.service === service && use.topic === topic && use.type === type);
}

/** What receives the same in the other version: by service, topic and type. */
export function sameReceive({ receives }: Events, { service, topic, type }: ReceiveUse): ReceiveUse | undefined {
  return receives.find((other) => other.service === service && other.topic === topic && other.type === type);
}

/** The same timer or effect in the other version: by service, kind and name. */
export function sameLater({ laters }: Events, { service, kind, name }: LaterUse): LaterUse | undefined {
  return laters.find((other) => other.service === service && other.kind === kind && other.name === name);
}

/** A handler that both versions have, of a message, a timer or an effect. */
export interface HandlerPair {
  readonly service: string;
  /** The handler in a sentence: `receiveBookings of halls`. */
  readonly title: string;
  readonly reaches: string;
  readonly spot: string;
  readonly old: Pick<ReceiveUse, 'emits' | 'retry'>;
  readonly new: Pick<ReceiveUse, 'emits' | 'retry'>;
}

export function handlerPairs({ old, new: next }: Pick<EventsContext, 'old' | 'new'>): readonly HandlerPair[] {
  const ofMessages = old.receives.flatMap((before): HandlerPair[] => {
    const after = sameReceive(next, before);
    const { service, operation, topic, type } = before;
    const title = `${operation} of ${service}`;
    const reaches = reachedMessage(topic, type);
    return after ? [{ service, title, reaches, spot: `${service} ${topic} ${type}`, old: before, new: after }] : [];
  });
  const ofLater = old.laters.flatMap((before): HandlerPair[] => {
    const after = sameLater(next, before);
    const { service } = before;
    const reaches = reachedLater(before);
    return after ? [{ service, title: reaches, reaches, spot: reaches, old: before, new: after }] : [];
  });
  return [...ofMessages, ...ofLater];
}

/** What a finding shows as reached: `timer holdExpiry of halls`. */
export function reachedLater({ kind, name, service }: LaterUse): string {
  return `${kind} ${name} of ${service}`;
}

/** Services in a sentence: `the consumers (seats)`. */
export function withNames(role: string, services: readonly string[]): string {
  return services.length === 0 ? role : `${role} (${services.join(', ')})`;
}

/** What a finding shows as reached. */
export function reachedMessage(topic: string, type: string): string {
  return `${type} on ${topic}`;
}

/** A finding of events: an error with its witness, or a warning if there is none. */
export function proven(finding: Omit<RuleFinding, 'protocol' | 'severity'>, witness: Witness | undefined): RuleFinding {
  if (witness) return { ...finding, protocol: 'events', severity: 'error', witness };
  return suspected(finding, 'no record was found that shows it');
}

/** A finding that no record can prove. */
export function suspected(finding: Omit<RuleFinding, 'protocol' | 'severity'>, detail: string): RuleFinding {
  const reason: UnprovenReason = { kind: 'no-witness', detail };
  return { ...finding, protocol: 'events', severity: 'warning', unproven: [reason] };
}

/** A finding that only informs. */
export function noted(finding: Omit<RuleFinding, 'protocol' | 'severity'>): RuleFinding {
  return { ...finding, protocol: 'events', severity: 'info' };
}
