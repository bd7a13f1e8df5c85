import { isList, type JsonValue } from '@atlas/ir';
import { EMITS_DETAIL, emitsDifference } from '../../emits.ts';
import { noted, suspected, type HttpRule } from '../context.ts';

export const operationEmitsChanged: HttpRule = {
  id: 'operation-emits-changed',
  purpose:
    'The handler of an operation may return other events, so a handler that returns a removed event no longer compiles.',
  level: 'source',
  *check({ old, new: next, pairs, service }) {
    for (const { old: before, new: after } of pairs)
      for (const [status, emits] of before.emits) {
        const now = after.emits.get(status);
        const [was, is] = [alternativesOf(emits.value), now && alternativesOf(now.value)];
        const difference = was && is && emitsDifference(was, is);
        if (!now || !difference) continue;
        const finding = {
          change: 'operation-emits-changed',
          message: `the handler of ${before.id} with ${status} ${difference.says}`,
          old: old.version.loc(emits.pointer),
          new: next.version.loc(now.pointer),
          reaches: [before.id],
          // Callers do not notice it.
          consumers: service === '' ? [] : [service],
        };
        if (difference.isGone) yield suspected(finding, EMITS_DETAIL);
        else yield noted(finding);
      }
  },
};

/** A list of names, or a list of such lists; undefined for anything else. */
function alternativesOf(value: JsonValue): readonly string[] | undefined {
  if (!isList(value)) return undefined;
  const tuples = value.length > 0 && value.every(isList) ? value : [value];
  return tuples.map((tuple) => tuple.join(', ')).toSorted();
}
