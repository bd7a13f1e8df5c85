import type { ParamContract, ParamPrimitive } from '../../contract/operation.ts';

/** A parameter's value before it is checked against its schema. */
export type ParamValue = ParamItem | readonly ParamItem[] | { readonly [name: string]: ParamItem };
export type ParamItem = string | number | boolean;

const INTEGER = /^-?(0|[1-9]\d*)$/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Turns text into the declared type if it is spelt as in JSON. Otherwise it stays text, and the validator says what it
 * must be.
 */
export function toPrimitive(kind: ParamPrimitive, text: string): ParamItem {
  if (kind === 'integer' && INTEGER.test(text)) return Number(text);
  if (kind === 'number' && NUMBER.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** A text that can't be decoded, or that is not in its parameter's style. The caller knows which parameter it is. */
export class BadEncoding extends Error {}

export function decode(text: string): string {
  if (!text.includes('%')) return text;
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new BadEncoding('is not well percent-encoded');
  }
  // text columns of Postgres can't store it
  if (decoded.includes('\0')) throw new BadEncoding('must not contain U+0000');
  return decoded;
}

/**
 * Makes an array or an object of split items, and decodes each of them. The items of an object are names and values in
 * turn or, if `pairs` is true, `name=value`.
 */
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
      entries.push(member(shape, at < 0 ? item : item.slice(0, at), at < 0 ? '' : item.slice(at + 1)));
    }
  } else {
    for (let i = 0; i < items.length; i += 2) entries.push(member(shape, items[i] ?? '', items[i + 1] ?? ''));
  }
  return Object.fromEntries(entries);
}

function member(shape: ObjectShape, name: string, text: string): [string, ParamItem] {
  const decoded = decode(name);
  return [decoded, toPrimitive(memberKind(shape, decoded) ?? 'string', decode(text))];
}

export type ObjectShape = Extract<ParamContract['shape'], { readonly kind: 'object' }>;

/** The type of a member. Undefined if the object has no such member. */
export function memberKind({ properties, additional }: ObjectShape, name: string): ParamPrimitive | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : additional;
}
