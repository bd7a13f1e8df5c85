import { withNames, proven, reachedMessage, receiversOf, sendersOf, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';

export const messageRemoved: EventRule = {
  id: 'message-removed',
  purpose:
    'A topic no longer has a message, so its consumers wait for events that nobody sends, and nobody reads old ones.',
  level: 'wire',
  *check(context) {
    for (const { old, new: next } of context.topics)
      for (const message of old.messages.values()) {
        if (old.isForeign || next.messages.has(message.type)) continue;
        const consumers = receiversOf(context, old.name, message.type);
        yield proven(
          {
            change: 'message-removed',
            message: `${message.type} was removed from the topic ${old.name}`,
            old: message.loc,
            new: next.loc,
            reaches: [reachedMessage(old.name, message.type)],
            consumers,
            spot: `${old.name} ${message.type}`,
            safePath: [
              `keep ${message.type}, and move ${withNames('the consumers', consumers)} to what replaces it`,
              `stop sending it in ${withNames('the producers', sendersOf(context, old.name, message.type))}`,
              'remove it once the topic has no event of it any more',
            ],
          },
          recordWitness(
            'old',
            context.records.old.of(old, message),
            message.hasType ? '/headers/ce_type' : '',
            'the old version has this record, and nothing of the new one knows its type',
          ),
        );
      }
  },
};
