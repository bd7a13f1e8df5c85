import { EXTENSION, parsePointer, type KeyExpression, type KeyPart } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';

const EXPRESSION = /^\$message\.payload#(\/.+)$/;

/** The `x-atlas-key` of a channel. Undefined if it has none. */
export function keyOf(channel: Cursor): { readonly cursor: Cursor; readonly expression?: KeyExpression } | undefined {
  const cursor = channel.get(EXTENSION.key);
  const expression = cursor && parseKey(cursor.string() ?? '');
  return cursor && { cursor, ...(expression ? { expression } : {}) };
}

/**
 * Parses `x-atlas-key`: one runtime expression `$message.payload#/bookingId`, or a template with expressions in braces,
 * `"{$message.payload#/a}:{$message.payload#/b}"`. Undefined if it is neither, or does not name a field.
 */
export function parseKey(text: string): KeyExpression | undefined {
  if (text.startsWith('$')) {
    const part = field(text);
    return part && { parts: [part] };
  }
  const parts: KeyPart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    const end = open === -1 ? text.length : open;
    const literal = text.slice(at, end);
    if (literal.includes('}')) return undefined;
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    if (open === -1) break;
    const close = text.indexOf('}', open);
    const part = close === -1 ? undefined : field(text.slice(open + 1, close));
    if (!part) return undefined;
    parts.push(part);
    at = close + 1;
  }
  return parts.some(({ kind }) => kind === 'field') ? { parts } : undefined;
}

function field(expression: string): KeyPart | undefined {
  const pointer = EXPRESSION.exec(expression)?.[1];
  const path = pointer === undefined ? undefined : parsePointer(pointer);
  return path && path.every((token) => token !== '') ? { kind: 'field', path } : undefined;
}
