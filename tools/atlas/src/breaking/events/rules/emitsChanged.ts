import { noted, reachedMessage, sameReceive, suspected, type EventRule } from '../context.ts';

export const emitsChanged: EventRule = {
  id: 'emits-changed',
  purpose: 'A handler may return other events, so a handler that returns what is gone no longer compiles.',
  level: 'source',
  *check(context) {
    for (const before of context.old.receives) {
      const after = sameReceive(context.new, before);
      if (!before.emits || !after?.emits) continue;
      const kept = new Set(after.emits.value);
      const gone = before.emits.value.filter((tuple) => !kept.has(tuple));
      const added = after.emits.value.filter((tuple) => !before.emits?.value.includes(tuple));
      if (gone.length === 0 && added.length === 0) continue;
      const finding = {
        change: 'emits-changed',
        message: `${before.operation} of ${before.service} may return ${shown(after.emits.value)} instead of ${shown(before.emits.value)}`,
        old: before.emits.loc,
        new: after.emits.loc,
        reaches: [reachedMessage(before.topic, before.type)],
        consumers: [before.service],
        spot: `${before.service} ${before.topic} ${before.type}`,
      };
      if (gone.length === 0) yield noted(finding);
      else yield suspected(finding, 'each event stays the same; only the handler has to change');
    }
  },
};

function shown(tuples: readonly string[]): string {
  return tuples.map((tuple) => `[${tuple}]`).join(' or ');
}
