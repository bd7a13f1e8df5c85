import { withNames, proven, reachedMessage, receiversOf, sendersOf, type EventRule } from '../context.ts';
import { recordWitness } from '../records.ts';
import type { Payload } from '../view.ts';

export const payloadFormatChanged: EventRule = {
  id: 'payload-format-changed',
  purpose: 'The payload of a message is in another format, so consumers cannot decode it.',
  level: 'wire',
  *check(context) {
    for (const { topics, old, new: next } of context.messages) {
      const [before, after] = [formatOf(old.payload), formatOf(next.payload)];
      if (before === after || old.payload.kind === 'none') continue;
      const consumers = receiversOf(context, topics.new.name, old.type);
      yield proven(
        {
          change: 'payload-format-changed',
          message: `the payload of ${old.type} was ${before}, and is ${after} now`,
          old: old.payload.loc,
          new: next.payload.loc,
          reaches: [reachedMessage(topics.new.name, old.type)],
          consumers,
          spot: `${topics.new.name} ${old.type}`,
          safePath: [
            `add a message with the new format, in a topic of its own, and let ${withNames('the producers', sendersOf(context, topics.new.name, old.type))} send both`,
            `move ${withNames('the consumers', consumers)} to it`,
            'remove the old one',
          ],
        },
        recordWitness(
          'old',
          context.records.old.of(topics.old, old),
          '/value',
          'the old version writes this record, and consumers of the new one cannot decode it',
        ),
      );
    }
  },
};

function formatOf(payload: Payload): string {
  switch (payload.kind) {
    case 'avro':
      return 'Avro';
    case 'json':
      return 'JSON';
    case 'none':
      return 'empty';
    case 'other':
      return payload.format;
  }
}
