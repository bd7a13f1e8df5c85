import type { Rule } from '../../rule.ts';

export const asyncapiUnsupported: Rule = {
  code: 'ATL3021',
  title: 'unsupported part of AsyncAPI',
  explain: {
    why: 'Atlas refuses parts that it does not support and cannot ignore: request/reply operations and channel parameters. A part that it can ignore is a warning (ATL3023).',
    bad: 'sendQuery: { action: send, reply: { channel: ... }, ... }',
    good: 'sendQuery: { action: send, ... }\nonAnswer: { action: receive, ... }',
  },
  *check({ events }) {
    for (const { channels, operations } of events.documents) {
      for (const { cursor } of channels) {
        const parameters = cursor.get('parameters');
        if (parameters && parameters.entries().length > 0)
          yield {
            message: 'channel parameters are not supported yet',
            loc: parameters.loc,
            fix: 'use one channel per topic',
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
