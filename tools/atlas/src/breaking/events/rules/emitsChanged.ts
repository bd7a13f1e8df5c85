import { EMITS_DETAIL, emitsDifference } from '../../emits.ts';
import { handlerPairs, noted, suspected, type EventRule } from '../context.ts';

export const emitsChanged: EventRule = {
  id: 'emits-changed',
  purpose: 'A handler may return other events, so a handler that returns a removed event no longer compiles.',
  level: 'source',
  *check(context) {
    for (const { service, title, reaches, spot, old, new: next } of handlerPairs(context)) {
      const [before, after] = [old.emits, next.emits];
      const difference = before && after && emitsDifference(before.value, after.value);
      if (!difference) continue;
      const finding = {
        change: 'emits-changed',
        message: `${title} ${difference.says}`,
        old: before.loc,
        new: after.loc,
        reaches: [reaches],
        consumers: [service],
        spot,
      };
      if (difference.isGone) yield suspected(finding, EMITS_DETAIL);
      else yield noted(finding);
    }
  },
};
