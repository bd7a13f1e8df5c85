import { childPointer, EXTENSION, type JsonValue } from '@atlas/ir';
import { noted, type HttpContext, type HttpRule } from '../context.ts';
import type { RuleFinding } from '../../rule.ts';

export const timeoutChanged: HttpRule = {
  id: 'timeout-changed',
  purpose: 'The gateway waits a shorter or a longer time for an answer, until it answers itself that there is none.',
  level: 'wire',
  check: (context) => changed(context, EXTENSION.timeout, 'timeout-changed'),
};

export const cacheChanged: HttpRule = {
  id: 'cache-changed',
  purpose: 'The gateway gives answers again for another time or to others, so a client may see older ones.',
  level: 'wire',
  check: (context) => changed(context, EXTENSION.cache, 'cache-changed'),
};

/** Operations with another value of a key that the gateway follows. */
function* changed({ old, new: next, pairs }: HttpContext, key: string, change: string): Iterable<RuleFinding> {
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

/** A value with its keys in one order. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, item]) => `${key} ${String(item)}`).join(', ');
}
