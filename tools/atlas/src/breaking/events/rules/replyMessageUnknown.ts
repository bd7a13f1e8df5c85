import { withNames, proven, reachedMessage, receiversOf, sendersOf, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';

export const replyMessageUnknown: EventRule = {
  id: 'reply-message-unknown',
  purpose: 'An answer may be a message that the service that waits for it does not know.',
  level: 'wire',
  *check(context) {
    for (const { old, new: next } of context.replies) {
      const [writer, reader] = next.action === 'receive' ? [next, old] : [old, next];
      const side = writer === next ? 'new' : 'old';
      const { service, action, topic, type } = next;
      for (const message of writer.answers.messages.values()) {
        if (reader.answers.messages.has(message.type)) continue;
        // a message that is gone from its topic has a finding of its own
        const there = context.new.topics.get(writer.answers.name);
        if (side === 'old' && context.old.topics.has(writer.answers.name) && there?.messages.has(message.type) !== true)
          continue;
        const consumers = side === 'new' ? receiversOf(context, next.answers.name) : [service];
        const writers = withNames('the services that answer', sendersOf(context, writer.answers.name));
        yield proven(
          {
            change: 'reply-message-unknown',
            message:
              side === 'new'
                ? `${service} may answer ${type} with ${message.type}`
                : `${service} no longer takes ${message.type} as an answer to ${type}`,
            old: side === 'new' ? old.loc : message.loc,
            new: side === 'new' ? message.loc : next.loc,
            reaches: [reachedMessage(topic, type)],
            consumers,
            spot: `${service} ${action} ${topic} ${type} ${message.type}`,
            safePath:
              side === 'new'
                ? [`let ${withNames('the services that ask', consumers)} take ${message.type}`, `send it in ${service}`]
                : [`stop sending ${message.type} in ${writers}`, `stop taking it in ${service}`],
          },
          recordWitness(
            side,
            context.records[side].of(writer.answers, message),
            message.hasType ? '/headers/ce_type' : '',
            side === 'new'
              ? 'the new version answers with this record, and services that ask with the old one do not know it'
              : 'a service of the old version answers with this record, and the new one does not know it',
          ),
        );
      }
    }
  },
};
