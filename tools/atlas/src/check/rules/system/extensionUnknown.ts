import { EXTENSION, EXTENSION_PREFIX } from '@atlas/ir';
import { didYouMean } from '../../../document/suggest.ts';
import type { Cursor } from '../../../document/cursor.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { kindAt } from '../../../read/references.ts';

/** The kinds of objects that may have each key, by standard. */
export const EXTENSION_PLACES = {
  openapi: {
    [EXTENSION.emits]: ['operation', 'response'],
    [EXTENSION.sunset]: ['operation'],
    [EXTENSION.cache]: ['operation'],
    [EXTENSION.timeout]: ['operation'],
    [EXTENSION.bodyLimit]: ['operation'],
    [EXTENSION.owner]: ['info'],
  },
  asyncapi: {
    [EXTENSION.emits]: ['operation'],
    [EXTENSION.key]: ['channel'],
    [EXTENSION.foreign]: ['channel'],
    [EXTENSION.retry]: ['operation'],
    [EXTENSION.batch]: ['operation'],
    [EXTENSION.owner]: ['info'],
    [EXTENSION.timers]: ['document'],
    [EXTENSION.effects]: ['document'],
  },
} satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export const extensionUnknown: Rule = {
  code: 'ATL5009',
  title: 'unknown or misplaced x-atlas key',
  explain: {
    why: 'The standards allow any x- key anywhere, so a misspelt or misplaced key would silently do nothing.',
    bad: 'x-atlas-emit: [BookingMade]',
    good: 'x-atlas-emits: [BookingMade]',
  },
  *check({ workspace }) {
    const services = new Set<string | undefined>(workspace.config.services.map(({ name }) => name));
    for (const document of workspace.documents.values()) {
      const standard = document.get('openapi') ? 'openapi' : document.get('asyncapi') ? 'asyncapi' : undefined;
      // A quick search first, because most documents have none, and a walk through megabytes takes a while. JSON may
      // escape the letters of a key.
      const source = workspace.sources.get(document.file) ?? '';
      if (document.file.endsWith('.avsc') || !(source.includes(EXTENSION_PREFIX) || source.includes('\\'))) continue;
      const places = new Map<string, readonly string[]>(
        Object.entries(
          standard ? EXTENSION_PLACES[standard] : { ...EXTENSION_PLACES.openapi, ...EXTENSION_PLACES.asyncapi },
        ),
      );
      for (const { key, cursor, holder } of extensions(document)) {
        const known = places.get(key);
        const kind = standard && (holder.pointer === '/info' ? 'info' : kindAt(holder.pointer, standard));
        if (!known)
          yield {
            message: `unknown key ${JSON.stringify(key)}`,
            loc: placeOf(cursor),
            fix: didYouMean(key, [...places.keys()]) ?? 'remove it',
          };
        else if (kind !== undefined && !known.includes(kind))
          yield {
            message: `${JSON.stringify(key)} has no meaning here`,
            loc: placeOf(cursor),
            fix: `move it to ${known.map((name) => `the ${name}`).join(' or ')}`,
          };
        else if (key === EXTENSION.owner && (cursor.via || !cursor.string()))
          yield { message: 'x-atlas-owner is not a name', loc: placeOf(cursor), fix: 'write the name of a team' };
        else if (key === EXTENSION.foreign && (cursor.via || !cursor.string()))
          yield { message: 'x-atlas-foreign is not a name', loc: placeOf(cursor), fix: 'write who owns the topic' };
        else if (key === EXTENSION.foreign && services.has(cursor.string()))
          yield {
            message: `x-atlas-foreign names ${cursor.string()}, which is a service of these specs`,
            loc: placeOf(cursor),
            fix: 'let its document define the channel, and refer to that',
          };
      }
    }
  },
};

function placeOf(cursor: Cursor): Finding['loc'] {
  return cursor.via?.loc ?? cursor.loc;
}

interface Extension {
  readonly key: string;
  readonly cursor: Cursor;
  readonly holder: Cursor;
}

/** All keys that start with x-atlas-, in the file itself: the target of a reference belongs to its own file. */
function* extensions(root: Cursor): Generator<Extension> {
  const seen = new Set<string>();
  const stack = [root];
  for (let cursor = stack.pop(); cursor; cursor = stack.pop()) {
    if (seen.has(cursor.pointer)) continue;
    seen.add(cursor.pointer);
    const children: Cursor[] = [];
    for (const [key, child] of cursor.entries()) {
      if (key.startsWith(EXTENSION_PREFIX)) yield { key, cursor: child, holder: cursor };
      else children.push(child);
    }
    children.push(...cursor.items());
    stack.push(...children.filter(({ via }) => !via).toReversed());
  }
}
