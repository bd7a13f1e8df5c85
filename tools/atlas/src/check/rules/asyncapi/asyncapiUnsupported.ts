import type { Rule } from '../../rule.ts';

export const asyncapiUnsupported: Rule = {
  code: 'ATL3021',
  title: 'a part of AsyncAPI that is not supported yet',
  explain: {
    why: 'Nothing of a spec is skipped in silence: request/reply operations, channel parameters, timers and effects are refused for now.',
    bad: 'reply: { channel: { ... } }',
    good: 'two operations, one that sends and one that receives',
  },
  *check({ events }) {
    for (const { root, channels, operations } of events.documents) {
      for (const key of ['x-atlas-timers', 'x-atlas-effects']) {
        const cursor = root.get(key);
        if (cursor) yield { message: `${key} is not supported yet`, loc: cursor.loc, fix: 'remove it' };
      }
      for (const { cursor } of channels) {
        const parameters = cursor.get('parameters');
        if (parameters && parameters.entries().length > 0)
          yield {
            message: 'channel parameters are not supported yet',
            loc: parameters.loc,
            fix: 'use one channel a topic',
          };
      }
      for (const { cursor } of operations) {
        const reply = cursor.get('reply');
        if (reply)
          yield { message: 'reply is not supported yet', loc: reply.loc, fix: 'use a send and a receive operation' };
      }
    }
  },
};
