import type { Rule } from '../../rule.ts';
import { retryOf } from '../../../read/extensions/retry.ts';

export const retryBounds: Rule = {
  code: 'ATL3018',
  title: 'x-atlas-retry out of bounds',
  explain: {
    why: 'A message is tried again at most `retries` times (5 unless told, and never more: what five tries with growing waits do not mend wants an operator), waiting from `base` up to `cap`: the first two times in front of its partition where that is five seconds at most, else and later with its key parked, so that other keys go on; after that its key is held, or the reader continues.',
    bad: 'x-atlas-retry: { retries: 50, base: 5 }',
    good: 'x-atlas-retry: { retries: 5, base: 200ms, cap: 30s, onDead: hold }',
  },
  *check({ events }) {
    for (const { operations } of events.documents)
      for (const { cursor, action, key } of operations) {
        const retry = cursor.get('x-atlas-retry');
        if (!retry) continue;
        if (action !== 'receive')
          yield {
            message: `operation ${JSON.stringify(key)} sends; only what is received is tried again`,
            loc: retry.loc,
            fix: 'remove x-atlas-retry',
          };
        for (const problem of retryOf(retry).problems)
          yield { message: problem.message, loc: problem.loc, fix: problem.fix };
      }
  },
};
