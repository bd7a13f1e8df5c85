import { isTrader } from '../access.ts';
import type { Actor } from '@atlas/runtime';
import { serviceOf } from '../topics.ts';
import { detailsOf } from './details.ts';
import { recordOf, textOf, type StoredEvent, type TimelineEntry } from './event.ts';
import { sentenceOf, short } from './sentences.ts';
import { inOrder } from './sort.ts';

const MAX_WHY = 500;
const MAX_ACTOR = 255;

/** The entries of a timeline from stored events, in their order, as the actor may see them. */
export function entriesOf(events: readonly StoredEvent[], actor: Actor): readonly TimelineEntry[] {
  const sorted = inOrder(events.map((event) => ({ ...event, key: keyOf(event) })));
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return sorted.map((event, index) => {
    const cause = event.causationId === null ? undefined : byId.get(event.causationId);
    const details = detailsOf(event.data, isTrader(actor));
    const onBehalfOf = textOf(event.data, 'onBehalfOf') ?? textOf(recordOf(event.data, 'decider') ?? {}, 'onBehalfOf');
    const why = whyOf(event, cause);
    return {
      eventId: event.eventId,
      service: serviceOf(event.topic),
      type: event.type,
      summary: sentenceOf(event.type, event.data),
      at: event.at.toISOString(),
      sequence: Math.max(1, Number(event.sequence)),
      ...(event.actorId === null ? {} : { actorId: short(event.actorId, MAX_ACTOR) }),
      ...(onBehalfOf === undefined ? {} : { onBehalfOf: short(onBehalfOf, MAX_ACTOR) }),
      ...(event.causationId === null ? {} : { causedBy: event.causationId }),
      ...(why === undefined ? {} : { why: short(why, MAX_WHY) }),
      afterSeconds: secondsAfter(cause ?? sorted[index - 1], event),
      ...(Object.keys(details).length === 0 ? {} : { details }),
    };
  });
}

/** The key of an event in its topic. */
function keyOf({ topic, data }: StoredEvent): string {
  const member = topic.includes('.payment.') ? 'paymentId' : topic.includes('.approval.') ? 'subjectId' : 'orderId';
  return textOf(data, member) ?? '';
}

/** The reason that a person gave, or else the event that caused it. */
function whyOf({ type, data }: StoredEvent, cause: StoredEvent | undefined): string | undefined {
  const comment = textOf(data, 'comment');
  if (comment !== undefined) return comment;
  // the reason of a failed refund is the provider's text; all other reasons are codes, which the sentence contains
  if (type === 'RefundFailed') return textOf(data, 'reason');
  return cause && `${cause.type}: ${sentenceOf(cause.type, cause.data)}`;
}

function secondsAfter(before: StoredEvent | undefined, { at }: StoredEvent): number {
  return before === undefined ? 0 : Math.max(0, at.getTime() - before.at.getTime()) / 1_000;
}
