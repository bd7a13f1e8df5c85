import { noted, reachedLater, sameLater, type EventRule } from '../context.ts';

export const effectTimeoutChanged: EventRule = {
  id: 'effect-timeout-changed',
  purpose: 'A call of an effect has less or more time before it counts as failed and is tried again.',
  level: 'wire',
  *check({ old, new: next }) {
    for (const before of old.laters) {
      const after = sameLater(next, before);
      if (!before.timeout || !after?.timeout || before.timeout.value === after.timeout.value) continue;
      yield noted({
        change: 'effect-timeout-changed',
        message: `a call of ${reachedLater(before)} may take ${after.timeout.value} ms instead of ${before.timeout.value} ms`,
        old: before.timeout.loc,
        new: after.timeout.loc,
        reaches: [reachedLater(before)],
        consumers: [before.service],
        spot: reachedLater(before),
      });
    }
  },
};
