import { childPointer, type JsonValue } from '@atlas/ir';
import type { RuleFinding } from '../rule.ts';
import { noted, type HttpContext } from './context.ts';

/** Operations with another value of a key that the gateway follows. `change` is the id of the rule. */
export function* changedEdgeKey(
  { old, new: next, pairs }: HttpContext,
  key: string,
  change: string,
): Iterable<RuleFinding> {
  for (const { old: before, new: after } of pairs) {
    const [was, is] = [shown(before.edge[key]), shown(after.edge[key])];
    if (was === is) continue;
    yield noted({
      change,
      message: `${key} of ${before.id} was ${was} and is ${is}`,
      old: old.version.loc(childPointer(before.pointer, key)),
      new: next.version.loc(childPointer(after.pointer, key)),
      reaches: [before.id],
    });
  }
}

/** A value with its keys in a fixed order. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, item]) => `${key} ${String(item)}`).join(', ');
}
