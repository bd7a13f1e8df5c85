import type { ProblemError } from '../../contract/handler.ts';
import type { ParamContract, ParamPrimitive } from '../../contract/operation.ts';
import { BadEncoding, collect, decode, memberKind, toPrimitive, type ParamValue, type ParamItem } from './value.ts';

const NONE: Readonly<Record<string, ParamValue>> = Object.freeze({});

/**
 * Query parameters by their declared style (OpenAPI 3.1, section 4.8.12.4). Only unencoded delimiters separate, and `+`
 * is a blank. Unknown parameters are refused, because with a misspelt filter the response would contain everything.
 */
export function queryParams(
  params: readonly ParamContract[],
  query: string,
  errors: ProblemError[],
): Readonly<Record<string, ParamValue>> {
  if (query === '') return NONE;
  const raw = pairs(query, errors);
  const found: Record<string, ParamValue> = {};
  // a map without a name of its own takes all that no other parameter takes
  for (const param of [...params.filter((one) => !takesAny(one)), ...params.filter(takesAny)]) {
    try {
      const value = one(param, raw, errors);
      if (value !== undefined) found[param.name] = value;
    } catch (error) {
      if (!(error instanceof BadEncoding)) throw error;
      errors.push({ pointer: `/query/${param.name}`, detail: error.message });
    }
  }
  for (const name of raw.keys()) errors.push({ pointer: `/query/${name}`, detail: 'is not a known parameter' });
  return found;
}

function takesAny({ shape, style, explode }: ParamContract): boolean {
  return shape.kind === 'object' && shape.additional !== undefined && style === 'form' && explode;
}

/** The decoded names with their raw values, in order. */
function pairs(query: string, errors: ProblemError[]): Map<string, string[]> {
  const raw = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const text = at < 0 ? part : part.slice(0, at);
    try {
      const name = decode(text.includes('+') ? text.replaceAll('+', ' ') : text);
      const sent = at < 0 ? '' : part.slice(at + 1);
      const value = sent.includes('+') ? sent.replaceAll('+', '%20') : sent;
      const known = raw.get(name);
      if (known) known.push(value);
      else raw.set(name, [value]);
    } catch {
      errors.push({ pointer: '/query', detail: 'has a name that is not well percent-encoded' });
    }
  }
  return raw;
}

/** Reads a parameter, and removes its pairs from `raw`. */
function one(param: ParamContract, raw: Map<string, string[]>, errors: ProblemError[]): ParamValue | undefined {
  const { name, style, explode, allowEmpty, shape } = param;
  if (shape.kind === 'object' && (style === 'deepObject' || explode)) return members(param, raw, errors);
  const values = raw.get(name);
  if (values === undefined) return undefined;
  raw.delete(name);
  const [value = ''] = values;
  if (value === '' && values.length === 1 && allowEmpty === true) return undefined;
  if (shape.kind === 'array' && explode) return collect(shape, values, false);
  if (values.length > 1) errors.push({ pointer: `/query/${name}`, detail: 'is given more than once' });
  if (shape.kind === 'array' || shape.kind === 'object') return collect(shape, split(style, value), false);
  return toPrimitive(shape.kind, decode(value));
}

/** `at[lat]=1` in style deepObject; one parameter per property in an exploded form. */
function members(
  { name, style, shape }: ParamContract,
  raw: Map<string, string[]>,
  errors: ProblemError[],
): ParamValue | undefined {
  if (shape.kind !== 'object') return undefined;
  const found: [string, ParamItem][] = [];
  for (const [key, values] of raw) {
    const property = style === 'deepObject' ? bracketed(name, key) : key;
    const kind = property === undefined || property === '__proto__' ? undefined : memberKind(shape, property);
    if (property === undefined || kind === undefined) continue;
    raw.delete(key);
    if (values.length > 1) errors.push({ pointer: `/query/${name}/${property}`, detail: 'is given more than once' });
    found.push([property, toPrimitive(kind, decode(values[0] ?? ''))]);
  }
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** `lat` of `at[lat]`. */
function bracketed(name: string, key: string): string | undefined {
  if (!key.startsWith(`${name}[`) || !key.endsWith(']')) return undefined;
  const inner = key.slice(name.length + 1, -1);
  return /[[\]]/.test(inner) ? undefined : inner;
}

/** `%20` and `%7C` are delimiters in the two styles that are named after them, because clients always encode them. */
function split(style: ParamContract['style'], value: string): readonly string[] {
  if (value === '') return [];
  if (style === 'spaceDelimited') return value.split('%20');
  if (style === 'pipeDelimited') return value.split(/\||%7C/i);
  return value.split(',');
}

type PlainQuery = (query: string) => Readonly<Record<string, ParamItem>> | undefined;

/**
 * Reads the simple query that most clients send: known parameters with single values, each given once, nothing encoded.
 * Undefined for any other query; `queryParams` reads or refuses it.
 */
export function plainQuery(params: readonly ParamContract[]): PlainQuery {
  const kinds = new Map<string, ParamPrimitive>();
  for (const { name, shape, allowEmpty } of params) {
    // a member of the object may have the same name as another parameter
    if (shape.kind === 'object' || allowEmpty === true) return () => undefined;
    if (shape.kind !== 'array') kinds.set(name, shape.kind);
  }
  return (query) => {
    if (query.includes('%') || query.includes('+')) return undefined;
    const found: Record<string, ParamItem> = {};
    for (let start = 0; start <= query.length;) {
      const next = query.indexOf('&', start);
      const end = next < 0 ? query.length : next;
      const equals = query.indexOf('=', start);
      const name = query.slice(start, equals);
      const kind = kinds.get(name);
      if (equals < 0 || equals > end || kind === undefined || Object.hasOwn(found, name)) return undefined;
      found[name] = toPrimitive(kind, query.slice(equals + 1, end));
      start = end + 1;
    }
    return found;
  };
}
