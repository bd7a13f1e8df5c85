import type { ParamContract, ParamPrimitive } from '../../contract/operation.ts';

/** A parameter's value, before its schema is asked. */
export type ParamValue = ParamItem | readonly ParamItem[] | { readonly [name: string]: ParamItem };
export type ParamItem = string | number | boolean;

const INTEGER = /^-?(0|[1-9]\d*)$/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Text as the declared type: only the one spelling that JSON has for it. What doesn't fit stays text, and the validator
 * says what it must be.
 */
export function toPrimitive(kind: ParamPrimitive, text: string): ParamItem {
  if (kind === 'integer' && INTEGER.test(text)) return Number(text);
  if (kind === 'number' && NUMBER.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** A text that is none when its percent-encoding is undone; the caller knows which parameter it was. */
export class BadEncoding extends Error {}

export function decode(text: string): string {
  if (!text.includes('%')) return text;
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new BadEncoding('is not well percent-encoded');
  }
  // no text column of Postgres takes it
  if (decoded.includes('\0')) throw new BadEncoding('must not contain U+0000');
  return decoded;
}

/** Items as an array or, in pairs or as `name=value`, as an object; each decoded after it was split. */
export function collect(
  shape: ParamContract['shape'],
  items: readonly string[],
  pairs: boolean,
): ParamValue | undefined {
  if (shape.kind === 'array') return items.map((item) => toPrimitive(shape.items, decode(item)));
  if (shape.kind !== 'object') return undefined;
  const entries: [string, ParamItem][] = [];
  if (pairs) {
    for (const item of items) {
      const at = item.indexOf('=');
      entries.push(member(shape.properties, at < 0 ? item : item.slice(0, at), at < 0 ? '' : item.slice(at + 1)));
    }
  } else {
    for (let i = 0; i < items.length; i += 2)
      entries.push(member(shape.properties, items[i] ?? '', items[i + 1] ?? ''));
  }
  return Object.fromEntries(entries);
}

function member(properties: Readonly<Record<string, ParamPrimitive>>, name: string, text: string): [string, ParamItem] {
  const decoded = decode(name);
  const kind = Object.hasOwn(properties, decoded) ? properties[decoded] : undefined;
  return [decoded, toPrimitive(kind ?? 'string', decode(text))];
}
