import { withNames, proven, reachedMessage, receiversOf, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';

export const messageNoLongerSent: EventRule = {
  id: 'message-no-longer-sent',
  purpose: 'A topic still has a message, and nobody sends it any more, so its consumers wait for nothing.',
  level: 'wire',
  *check(context) {
    const { old, new: next, records } = context;
    for (const { topics, old: message } of context.messages) {
      const isSent = ({ sends }: typeof old): boolean =>
        sends.some(({ topic, type }) => topic === topics.old.name && type === message.type);
      const sender = old.sends.find(({ topic, type }) => topic === topics.old.name && type === message.type);
      if (!sender || isSent(next)) continue;
      const consumers = receiversOf(context, topics.old.name, message.type);
      yield proven(
        {
          change: 'message-no-longer-sent',
          message: `${sender.service} sent ${message.type}, and nobody does now`,
          old: sender.loc,
          new: topics.new.loc,
          reaches: [reachedMessage(topics.old.name, message.type)],
          consumers,
          spot: `${topics.old.name} ${message.type}`,
          safePath: [
            `move ${withNames('the consumers', consumers)} to what replaces ${message.type}`,
            `stop sending it in ${sender.service}`,
          ],
        },
        recordWitness(
          'old',
          records.old.of(topics.old, message),
          '',
          'the old version sends this record, and nothing of the new one does',
        ),
      );
    }
  },
};
