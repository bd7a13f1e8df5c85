import type { RetryPolicy } from '@atlas/ir';
import { noted, reachedMessage, sameReceive, type EventRule } from '../context.ts';

export const retryChanged: EventRule = {
  id: 'retry-changed',
  purpose: 'A failed event is tried again more or less often, or its key waits or goes on after a dead letter.',
  level: 'wire',
  *check(context) {
    for (const before of context.old.receives) {
      const after = sameReceive(context.new, before);
      if (!after || shown(before.retry.value) === shown(after.retry.value)) continue;
      yield noted({
        change: 'retry-changed',
        message: `${before.operation} of ${before.service} has ${shown(after.retry.value)} instead of ${shown(before.retry.value)}`,
        old: before.retry.loc,
        new: after.retry.loc,
        reaches: [reachedMessage(before.topic, before.type)],
        consumers: [before.service],
        spot: `${before.service} ${before.topic} ${before.type}`,
      });
    }
  },
};

function shown({ retries, baseMs, capMs, onDead }: RetryPolicy): string {
  return `${retries} retries from ${baseMs} to ${capMs} ms, then ${onDead}`;
}
