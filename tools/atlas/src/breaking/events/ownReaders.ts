import type { Reading } from '../../read/avro/levels.ts';
import type { Draft } from '../draft.ts';
import type { EventsContext, MessagePair } from './context.ts';
import type { Events, EventTopic } from './view.ts';

/** Compares the payloads and headers of the messages of a context. */
type Compare = (context: EventsContext, readings: readonly Reading[]) => readonly Draft[];

/**
 * What breaks for services that read a topic of another team with a schema of their own (`x-atlas-foreign`): the old
 * schema of such a service must read what the owner sends now, and its new schema what the owner sent before. Data that
 * it could not read before is not a change, and a break for every reader is reported already.
 */
export function ownReaderDrafts(
  context: EventsContext,
  readings: readonly Reading[],
  known: readonly Draft[],
  compare: Compare,
): readonly Draft[] {
  const before: EventsContext = {
    ...context,
    new: context.old,
    records: { old: context.records.old, new: context.records.old },
  };
  const ofAll = new Set(known.map(keyOf));
  const added = (reading: Reading, now: readonly MessagePair[], was: readonly MessagePair[]): readonly Draft[] => {
    if (!readings.includes(reading) || now.length === 0) return [];
    const drafts = compare({ ...context, messages: now }, [reading]).filter((draft) => !ofAll.has(keyOf(draft)));
    if (drafts.length === 0) return [];
    const old = new Set(compare({ ...before, messages: was }, [reading]).map(placeKeyOf));
    return drafts.filter((draft) => !old.has(placeKeyOf(draft)));
  };
  const { old, new: next } = context;
  const readersOf = (events: Events, owners: Events): readonly MessagePair[] =>
    events.copies.flatMap(({ service, topic }) => pairsOf(events, service, topic, owners.topics.get(topic.name)));
  return [
    ...added('forward', readersOf(old, next), readersOf(old, old)),
    ...added('backward', readersOf(next, old).map(swapped), readersOf(old, old).map(swapped)),
  ];
}

/** The messages that a service receives, as it has them (`old`) and as the owner has them (`new`). */
function pairsOf(
  { receives }: Events,
  service: string,
  copy: EventTopic,
  owned: EventTopic | undefined,
): readonly MessagePair[] {
  if (!owned || owned.isForeign) return [];
  return [...copy.messages.values()].flatMap((message) => {
    const same = owned.messages.get(message.type);
    const isRead = receives.some(
      (use) => use.service === service && use.topic === copy.name && use.type === message.type,
    );
    return same && isRead ? [{ topics: { old: copy, new: owned }, old: message, new: same, reader: service }] : [];
  });
}

function swapped({ topics, old, new: next, ...rest }: MessagePair): MessagePair {
  return { ...rest, topics: { old: topics.new, new: topics.old }, old: next, new: old };
}

/** Equal for the same break, whoever reads. */
function keyOf({ change, message, reaches }: Draft): string {
  return [change, message, ...reaches].join('\0');
}

/** Equal for the same break of the same schema. */
function placeKeyOf(draft: Draft): string {
  return [keyOf(draft), draft.old?.file, draft.old?.pointer].join('\0');
}
