import { didYouMean } from '../../load/suggest.ts';
import type { Cursor } from '../../load/index.ts';
import type { Rule } from '../rule.ts';

const KNOWN: readonly string[] = [
  'x-atlas-emits',
  'x-atlas-key',
  'x-atlas-retry',
  'x-atlas-owner',
  'x-atlas-sunset',
  'x-atlas-timers',
  'x-atlas-effects',
];

export const extensionUnknown: Rule = {
  code: 'ATL5009',
  title: 'an x-atlas key that does not exist',
  explain: {
    why: 'The standards allow any x- key, so a typing error in one would change nothing and say nothing.',
    bad: 'x-atlas-emit: [BookingMade]',
    good: 'x-atlas-emits: [BookingMade]',
  },
  *check({ workspace }) {
    for (const document of workspace.documents.values()) {
      if (document.file.endsWith('.avsc')) continue;
      for (const { key, cursor } of extensions(document))
        if (!KNOWN.includes(key))
          yield {
            message: `unknown key ${JSON.stringify(key)}`,
            loc: cursor.loc,
            fix: didYouMean(key, KNOWN) ?? 'remove it',
          };
    }
  },
};

/** Every member whose key starts with x-atlas-, in the file itself: what a reference leads to is met there. */
function* extensions(root: Cursor): Generator<{ readonly key: string; readonly cursor: Cursor }> {
  const seen = new Set<string>();
  const stack = [root];
  for (let cursor = stack.pop(); cursor; cursor = stack.pop()) {
    if (seen.has(cursor.pointer)) continue;
    seen.add(cursor.pointer);
    const children: Cursor[] = [];
    for (const [key, child] of cursor.entries()) {
      if (child.via) continue;
      if (key.startsWith('x-atlas-')) yield { key, cursor: child };
      else children.push(child);
    }
    children.push(...cursor.items().filter(({ via }) => !via));
    stack.push(...children.toReversed());
  }
}
