import { BODY_LIMIT, childPointer, EXTENSION } from '@atlas/ir';
import { bodyLimitIn } from '../../../read/extensions/edge.ts';
import type { Operation } from '../api.ts';
import { suspected, type HttpRule } from '../context.ts';

export const bodyLimitLowered: HttpRule = {
  id: 'body-limit-lowered',
  purpose: 'An operation accepts only shorter bodies, so a client that sends a longer one gets 413.',
  level: 'wire',
  *check({ old, new: next, pairs }) {
    for (const { old: before, new: after } of pairs) {
      if (!before.body || !after.body) continue;
      const [was, is] = [limitOf(before), limitOf(after)];
      if (is >= was) continue;
      const placeOf = ({ pointer }: Operation): string => childPointer(pointer, EXTENSION.bodyLimit);
      yield suspected(
        {
          change: 'body-limit-lowered',
          message: `${before.id} accepts bodies of ${is} bytes instead of ${was}`,
          old: old.version.loc(placeOf(before)),
          new: next.version.loc(placeOf(after)),
          reaches: [before.id],
          safePath: [`find the longest body that clients of ${before.id} send`, 'lower the limit to no less than that'],
        },
        `a body of ${is + 1} bytes is too long to show, and nothing says that clients send one`,
      );
    }
  },
};

function limitOf({ edge }: Operation): number {
  return bodyLimitIn(edge[EXTENSION.bodyLimit]) ?? BODY_LIMIT;
}
