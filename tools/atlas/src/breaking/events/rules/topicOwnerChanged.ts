import { noted, receiversOf, type EventRule } from '../context.ts';

export const topicOwnerChanged: EventRule = {
  id: 'topic-owner-changed',
  purpose: 'A topic belongs to somebody else, who creates it, registers its schemas and may write to it.',
  level: 'source',
  *check(context) {
    for (const { old, new: next } of context.topics) {
      if (old.owner === next.owner) continue;
      yield noted({
        change: 'topic-owner-changed',
        message: `${next.owner || 'nobody'} owns ${old.name} instead of ${old.owner || 'nobody'}`,
        old: old.loc,
        new: next.loc,
        reaches: [old.name],
        consumers: receiversOf(context, old.name),
        spot: old.name,
      });
    }
  },
};
