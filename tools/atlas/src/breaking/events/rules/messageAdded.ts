import { withNames, proven, reachedMessage, receiversOf, suspected, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';

export const messageAdded: EventRule = {
  id: 'message-added',
  purpose:
    'A topic gets a message whose records do not say their type, so consumers mistake it for one that they know, and fail.',
  level: 'wire',
  *check(context) {
    for (const { old, new: next } of context.topics)
      for (const message of next.messages.values()) {
        if (old.messages.has(message.type) || message.hasType) continue;
        const known = [...old.messages.values()].filter(({ hasType }) => !hasType);
        if (known.length === 0) continue;
        const consumers = receiversOf(context, old.name);
        const finding = {
          change: 'message-added',
          message: `${message.type} was added to the topic ${old.name}, whose consumers cannot skip it`,
          old: old.loc,
          new: message.loc,
          reaches: known.map(({ type }) => reachedMessage(old.name, type)),
          consumers,
          spot: `${old.name} ${message.type}`,
          safePath: [
            'give each message a header with its type, such as ce_type with a const',
            `deploy ${withNames('the consumers', consumers)}, which skip types that they do not know`,
            'send the new message; or choose a topic of its own',
          ],
        };
        const record = context.records.new.of(next, message);
        const { value } = record;
        const isTaken = value === undefined || known.some((one) => context.records.old.accepts(one, { value }));
        if (isTaken) yield suspected(finding, 'the smallest payload of it is also one of a message that they know');
        else yield proven(finding, recordWitness('new', record, '/value'));
      }
  },
};
