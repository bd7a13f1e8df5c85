import {
  withNames,
  noted,
  proven,
  reachedMessage,
  requestUse,
  sameReply,
  sendersOf,
  type EventRule,
} from '../context.ts';
import { recordWitness } from '../records.ts';

export const replyRemoved: EventRule = {
  id: 'reply-removed',
  purpose: 'A request is no longer answered, so services that send it wait for nothing.',
  level: 'wire',
  *check(context) {
    for (const before of context.old.replies) {
      const { service, action, topic: name, type } = before;
      const [topic, message] = [context.old.topics.get(name), context.old.topics.get(name)?.messages.get(type)];
      const after = requestUse(context.new, before);
      const asked = context.new.topics.get(name)?.messages.get(type);
      if (sameReply(context.new, before) || !topic || !message || !asked) continue;
      const requesters = sendersOf(context, name, type);
      const finding = {
        change: 'reply-removed',
        message:
          action === 'receive'
            ? `${service} no longer answers ${type}`
            : `${service} no longer wants an answer to ${type}`,
        old: before.loc,
        new: after?.loc ?? asked.loc,
        reaches: [reachedMessage(name, type)],
        consumers: action === 'receive' ? requesters : [service],
        spot: `${service} ${action} ${name} ${type}`,
      };
      // a service that no longer waits for answers ignores those that it gets
      if (action === 'send') yield noted(finding);
      else
        yield proven(
          {
            ...finding,
            safePath: [
              `let ${withNames('the services that send it', requesters)} do without the answer`,
              `stop answering in ${service}`,
            ],
          },
          recordWitness(
            'old',
            context.records.old.of(topic, message),
            '',
            'the old version answers this record, and the new one does not',
          ),
        );
    }
  },
};
