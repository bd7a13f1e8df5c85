import type { RetryPolicy } from '@atlas/ir';
import { handlerPairs, noted, type EventRule } from '../context.ts';

export const retryChanged: EventRule = {
  id: 'retry-changed',
  purpose: 'A failed event is tried again more or less often, or its key waits or goes on after a dead letter.',
  level: 'wire',
  *check(context) {
    for (const { service, title, reaches, spot, old, new: next } of handlerPairs(context)) {
      const [before, after] = [shown(old.retry.value), shown(next.retry.value)];
      if (before === after) continue;
      yield noted({
        change: 'retry-changed',
        message: `${title} has ${after} instead of ${before}`,
        old: old.retry.loc,
        new: next.retry.loc,
        reaches: [reaches],
        consumers: [service],
        spot,
      });
    }
  },
};

function shown({ retries, baseMs, capMs, onDead }: RetryPolicy): string {
  return `${retries} retries from ${baseMs} to ${capMs} ms, then ${onDead}`;
}
