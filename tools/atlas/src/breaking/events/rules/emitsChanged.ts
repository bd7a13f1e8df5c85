import { handlerPairs, noted, suspected, type EventRule } from '../context.ts';

export const emitsChanged: EventRule = {
  id: 'emits-changed',
  purpose: 'A handler may return other events, so a handler that returns what is gone no longer compiles.',
  level: 'source',
  *check(context) {
    for (const { service, title, reaches, spot, old, new: next } of handlerPairs(context)) {
      const [before, after] = [old.emits, next.emits];
      if (!before || !after) continue;
      const gone = before.value.filter((tuple) => !after.value.includes(tuple));
      const added = after.value.filter((tuple) => !before.value.includes(tuple));
      if (gone.length === 0 && added.length === 0) continue;
      const finding = {
        change: 'emits-changed',
        message: `${title} may return ${shown(after.value)} instead of ${shown(before.value)}`,
        old: before.loc,
        new: after.loc,
        reaches: [reaches],
        consumers: [service],
        spot,
      };
      if (gone.length === 0) yield noted(finding);
      else yield suspected(finding, 'each event stays the same; only the handler has to change');
    }
  },
};

function shown(tuples: readonly string[]): string {
  return tuples.map((tuple) => `[${tuple}]`).join(' or ');
}
