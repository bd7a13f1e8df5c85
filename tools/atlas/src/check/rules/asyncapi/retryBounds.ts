import type { Rule } from '../../rule.ts';
import { handlingOfOperation } from '../../../read/extensions/handling.ts';
import { retryOf } from '../../../read/extensions/retry.ts';

export const retryBounds: Rule = {
  code: 'ATL3018',
  title: 'invalid x-atlas-retry',
  explain: {
    why: 'A failed message is tried again up to `retries` times. The default and the maximum is 5: what fails more often needs an operator. The waits grow from `base` to `cap`. The first two retries wait in the partition if their waits are at most five seconds together. For all others the key is parked, so that other keys go on. If the last retry fails, `onDead` decides: with hold the key waits for an operator, with continue the consumer goes on.',
    bad: 'x-atlas-retry: { retries: 50, base: 5 }',
    good: 'x-atlas-retry: { retries: 5, base: 200ms, cap: 30s, onDead: hold }',
  },
  *check({ events }) {
    for (const { operations } of events.documents)
      for (const { cursor, action, key } of operations) {
        const { retry } = handlingOfOperation(cursor);
        if (!retry) continue;
        if (action !== 'receive')
          yield {
            message: `operation ${JSON.stringify(key)} sends, so it cannot have x-atlas-retry`,
            loc: retry.loc,
            fix: 'remove x-atlas-retry',
          };
        yield* retryOf(retry).findings;
      }
  },
};
