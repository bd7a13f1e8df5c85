import type { ParamContract } from '../contract/operation.ts';
import type { ParamItem, ParamValue } from '../http/params/value.ts';
import { isList } from '../typeGuards.ts';

/** How a parameter is written: OpenAPI 3.1, section 4.8.12 (style and explode). */
export type ParamStyle = Pick<ParamContract, 'name' | 'in' | 'style' | 'explode'>;

/** A value that its parameter can't express. */
export class Unsendable extends Error {}

/** The style of a parameter if the spec gives none. */
export function defaultStyle(name: string, where: ParamStyle['in']): ParamStyle {
  const form = where === 'query';
  return { name, in: where, style: form ? 'form' : 'simple', explode: form };
}

/** A path parameter, percent-encoded, in style `simple` (`3,4`), `label` (`.3.4`) or `matrix` (`;id=3;id=4`). */
export function pathText(param: ParamStyle, value: ParamValue): string {
  const { name, style, explode } = param;
  if (style === 'matrix') {
    const prefix = `${encoded(name)}=`;
    if (!explode || isItem(value)) return `;${prefix}${list(value, ',', false)}`;
    return isList(value)
      ? value.map((item) => `;${prefix}${encoded(item)}`).join('')
      : members(value)
          .map(([key, item]) => `;${encoded(key)}=${encoded(item)}`)
          .join('');
  }
  if (style !== 'label') return list(value, ',', explode);
  // the dot separates values, so dots within values are escaped
  const text = list(value, explode ? '\0' : ',', explode).replaceAll('.', '%2E');
  return `.${text.replaceAll('\0', '.')}`;
}

/** A query parameter as `name=value` pairs, percent-encoded. There are none for an empty list that is exploded. */
export function queryPairs({ name, style, explode }: ParamStyle, value: ParamValue): readonly string[] {
  const key = encoded(name);
  if (isItem(value)) return [`${key}=${encoded(value)}`];
  if (style === 'deepObject' && !isList(value))
    return members(value).map(([member, item]) => `${encoded(`${name}[${member}]`)}=${encoded(item)}`);
  if (explode)
    return isList(value)
      ? value.map((item) => `${key}=${encoded(item)}`)
      : members(value).map(([member, item]) => `${encoded(member)}=${encoded(item)}`);
  return [`${key}=${list(value, SEPARATORS[style] ?? ',', false)}`];
}

/** The two styles whose separators can't be escaped, so values must not contain them. */
const SEPARATORS: Readonly<Partial<Record<ParamStyle['style'], string>>> = {
  pipeDelimited: '%7C',
  spaceDelimited: '%20',
};

/** A header parameter: style `simple`, not percent-encoded. */
export function headerText({ explode }: ParamStyle, value: ParamValue): string {
  return isItem(value) ? String(value) : joined(value, ',', explode, String);
}

function list(value: ParamValue, separator: string, pairs: boolean): string {
  return isItem(value) ? encoded(value) : joined(value, separator, pairs, encoded);
}

/** The items of a list. For an object: its names and values in turn, or `name=value` pairs. */
function joined(
  value: Exclude<ParamValue, ParamItem>,
  separator: string,
  pairs: boolean,
  textOf: (item: ParamItem) => string,
): string {
  const items = isList(value)
    ? value.map(textOf)
    : members(value).flatMap(([name, item]) => {
        const member = [textOf(name), textOf(item)];
        return pairs ? [member.join('=')] : member;
      });
  const clash = items.find((item) => item.includes(separator));
  if (clash !== undefined) throw new Unsendable(`must not have the separator in an item: ${JSON.stringify(clash)}`);
  return items.join(separator);
}

function encoded(item: ParamItem): string {
  const text = String(item);
  if (!text.isWellFormed()) throw new Unsendable('must not contain half of a surrogate pair');
  return encodeURIComponent(text);
}

function isItem(value: ParamValue): value is ParamItem {
  return typeof value !== 'object';
}

/** Members that have a value. */
function members(value: { readonly [name: string]: ParamItem | undefined }): readonly (readonly [string, ParamItem])[] {
  return Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, item] as const]));
}
