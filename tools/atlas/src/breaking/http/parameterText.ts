import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Parameter } from './api.ts';

/*
 * How values of parameters and headers are written as text, and what a text may mean: OpenAPI 3.1, section 4.8.12.3
 * (styles), with the expansions of RFC 6570, section 3.2. A parameter with `content` of JSON is one JSON text.
 */

/** Combinations of meanings that are tried. If there are more, the meaning of a text is unknown. */
const MOST_MEANINGS = 256;

/** Like `encodeURIComponent`, which throws if a text has half of a surrogate pair: UTF-8 has a replacement for it. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** The text of a value without escapes, such as the text of an item of a list. */
function plain(value: JsonValue): string {
  if (isList(value)) return value.map(plain).join(',');
  if (isObject(value)) return Object.entries(value).flat().map(String).join(',');
  return String(value);
}

/** The text of a value in a path, a header or a cookie. `escaped` writes a name or an item. */
export function textOf(parameter: Parameter, value: JsonValue, escaped: (text: string) => string): string {
  const { name, style, explode, isJson } = parameter;
  if (isJson) return escaped(parameter.in === 'header' ? ascii(JSON.stringify(value)) : JSON.stringify(value));
  const item = (one: JsonValue): string => escaped(plain(one));
  const isPaired = isObject(value) && explode;
  const items = isPaired
    ? Object.entries(value).map(([key, one]) => `${escaped(key)}=${item(one ?? '')}`)
    : isObject(value)
      ? Object.entries(value).flatMap(([key, one]) => [escaped(key), item(one ?? '')])
      : isList(value)
        ? value.map(item)
        : [item(value)];
  if (style === 'label') return `.${items.join(explode ? '.' : ',')}`;
  if (style !== 'matrix') return items.join(',');
  const named = explode && !isPaired ? items.map((one) => `${escaped(name)}=${one}`) : items;
  return explode ? `;${named.join(';')}` : `;${escaped(name)}=${named.join(',')}`;
}

/** The same JSON in characters that a header can have. */
function ascii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The pairs of a value in a query. */
export function queryPairs(parameter: Parameter, value: JsonValue): readonly string[] {
  const { name, style, explode, isJson } = parameter;
  const pair = (key: string, text: JsonValue | undefined): string =>
    `${percentEncoded(key)}=${percentEncoded(plain(text ?? ''))}`;
  if (isJson) return [pair(name, JSON.stringify(value))];
  if (isObject(value)) {
    if (style === 'deepObject') return Object.entries(value).map(([key, item]) => pair(`${name}[${key}]`, item));
    if (explode) return Object.entries(value).map(([key, item]) => pair(key, item));
  }
  if (isList(value) && explode) return value.map((item) => pair(name, item));
  const items = isObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, item ?? '']) : value;
  if (!isList(items)) return [pair(name, items)];
  const separator = { spaceDelimited: '%20', pipeDelimited: '|' }[style] ?? ',';
  return [`${percentEncoded(name)}=${items.map((item) => percentEncoded(plain(item))).join(separator)}`];
}

/**
 * What texts may mean: a text may mean a string, a number or a boolean; a list may be one text or many. Texts are as
 * they were sent: an escaped comma does not separate items (RFC 6570, section 3.2.1). Undefined if there are too many
 * meanings.
 */
export function meaningsOf(
  parameter: Parameter,
  sent: readonly string[],
  decoded: (text: string) => string,
): readonly JsonValue[] | undefined {
  const bare = sent.map((text) => withoutPrefix(parameter, text));
  const texts = bare.filter((text) => text !== undefined);
  if (texts.length < bare.length) return [];
  const [first = ''] = texts;
  const isOne = texts.length === 1;
  if (parameter.isJson) return isOne ? fromJson(decoded(first)) : [];
  const whole = decoded(withoutName(parameter, first));
  if (!(parameter.explode || isOne)) return [];
  const parts = texts.flatMap((text) => partsOf(parameter, text));
  const lists = product(parts.map((text) => scalars(decoded(withoutName(parameter, text)))));
  const objects = isOne ? objectsOf(parameter, parts, decoded) : [];
  // RFC 6570 writes nothing at all for an empty list, but a server may read an empty text as one
  const empty = isOne && whole === '' ? [[], {}] : [];
  return lists && objects && [...(isOne ? scalars(whole) : []), ...lists, ...objects, ...empty];
}

type Pairs = readonly (readonly [name: string, text: string])[];

/** The objects that pairs of a query may mean, each name with its text. Undefined if there are too many. */
export function objectsOfQuery(pairs: Pairs): readonly JsonObject[] | undefined {
  const names = pairs.map(([name]) => name);
  // No style says how a list or an object is written inside an object.
  const isFlat = new Set(names).size === names.length && names.every((name) => !/[[\]]/.test(name));
  return isFlat ? objectsOfPairs(pairs) : undefined;
}

function objectsOfPairs(pairs: Pairs): readonly JsonObject[] | undefined {
  const names = pairs.map(([name]) => name);
  const values = product(pairs.map(([, text]) => scalars(text)));
  return values?.map((row) => Object.fromEntries(row.map((value, index) => [names[index] ?? '', value])));
}

/** The objects that parts of a text may mean. A name without a value has an empty one. */
function objectsOf(
  { style, explode }: Parameter,
  parts: readonly string[],
  decoded: (text: string) => string,
): readonly JsonObject[] | undefined {
  if (explode && !['simple', 'label', 'matrix'].includes(style)) return [];
  const pairs: (readonly [string, string])[] = [];
  if (explode)
    for (const part of parts) {
      const [name = '', ...text] = part.split('=');
      pairs.push([decoded(name), decoded(text.join('='))]);
    }
  else {
    for (let index = 0; index < parts.length; index += 2)
      pairs.push([decoded(parts[index] ?? ''), decoded(parts[index + 1] ?? '')]);
  }
  return objectsOfPairs(pairs);
}

/** The text after the sign that its style begins with; undefined if the sign is missing. */
function withoutPrefix({ style }: Parameter, text: string): string | undefined {
  if (style === 'label') return text.startsWith('.') ? text.slice(1) : undefined;
  if (style === 'matrix') return text.startsWith(';') ? text.slice(1) : undefined;
  return text;
}

function withoutName({ style, name }: Parameter, text: string): string {
  return style === 'matrix' && text.startsWith(`${name}=`) ? text.slice(name.length + 1) : text;
}

function partsOf(parameter: Parameter, text: string): readonly string[] {
  const { in: where, style, explode } = parameter;
  if (style === 'label') return text.split(explode ? '.' : ',');
  if (style === 'matrix') return explode ? text.split(';') : withoutName(parameter, text).split(',');
  // RFC 9110, section 5.6.1: there may be blanks around the commas of a header
  if (where === 'header') return text.split(',').map(withoutBlanks);
  if (style === 'simple') return text.split(',');
  const separator = { spaceDelimited: /%20|\+| /, pipeDelimited: /%7C|\|/i }[style] ?? /,/;
  // A cookie is there once, whatever its style says.
  return explode && where !== 'cookie' ? [text] : text.split(separator);
}

/** A text without the blanks that HTTP allows around it (RFC 9110, section 5.6.3). */
export function withoutBlanks(text: string): string {
  return text.replaceAll(/^[\t ]+|[\t ]+$/g, '');
}

/** A number is spelt as in JSON (RFC 8259, section 6). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function scalars(text: string): readonly JsonValue[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? [text, Number(text)] : [text];
}

function fromJson(text: string): readonly JsonValue[] {
  try {
    const value: JsonValue = JSON.parse(text);
    return [value];
  } catch {
    return [];
  }
}

/** Every row that takes one of the choices for each position; undefined if there are too many. */
function product(choices: readonly (readonly JsonValue[])[]): readonly (readonly JsonValue[])[] | undefined {
  let rows: readonly (readonly JsonValue[])[] = [[]];
  for (const options of choices) {
    if (rows.length * options.length > MOST_MEANINGS) return undefined;
    rows = rows.flatMap((row) => options.map((option) => [...row, option]));
  }
  return rows;
}
