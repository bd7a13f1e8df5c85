import {
  withNames,
  noted,
  proven,
  reachedMessage,
  receiversOf,
  requestUse,
  sameReply,
  sendersOf,
  type EventRule,
} from '../context.ts';
import { recordWitness } from '../records.ts';

export const replyAdded: EventRule = {
  id: 'reply-added',
  purpose: 'A service waits for an answer to what it sends, and services that run do not answer it.',
  level: 'wire',
  *check(context) {
    for (const after of context.new.replies) {
      const { service, action, topic: name, type } = after;
      const before = requestUse(context.old, after);
      const [topic, message] = [context.new.topics.get(name), context.new.topics.get(name)?.messages.get(type)];
      if (sameReply(context.old, after) || !before || !topic || !message) continue;
      const receivers = receiversOf(context, name, type);
      const finding = {
        change: 'reply-added',
        message: action === 'send' ? `${service} waits for an answer to ${type}` : `${service} answers ${type}`,
        old: before.loc,
        new: after.loc,
        reaches: [reachedMessage(name, type)],
        consumers: action === 'send' ? receivers : sendersOf(context, name, type),
        spot: `${service} ${action} ${name} ${type}`,
      };
      const isAnswered = context.old.replies.some(
        (reply) => reply.action === 'receive' && reply.topic === name && reply.type === type,
      );
      if (action === 'receive' || isAnswered) yield noted(finding);
      else
        yield proven(
          {
            ...finding,
            safePath: [
              `let ${withNames('the services that receive it', receivers)} answer`,
              `wait for the answer in ${service}`,
            ],
          },
          recordWitness(
            'new',
            context.records.new.of(topic, message),
            '',
            'the new version waits for an answer to this record, and no service of the old one answers it',
          ),
        );
    }
  },
};
