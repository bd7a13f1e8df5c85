import type { ProblemError } from '../../contract/handler.ts';
import type { OperationContract, ParamContract } from '../../contract/operation.ts';
import { invalid } from '../problem.ts';
import { plainQuery, queryParams } from './queryParams.ts';
import { BadEncoding, type ParamValue, toPrimitive, type ParamItem, collect, decode, memberKind } from './value.ts';

export type Params = Readonly<Record<string, ParamValue>>;

/** Parsed and valid parameters, with the defaults of their schemas. */
export interface ParsedParams {
  readonly path: Params;
  readonly query: Params;
  readonly header: Params;
}

export type HeaderTexts = Readonly<Record<string, string | readonly string[] | undefined>>;

export type ParamsParser = (url: string, headers: HeaderTexts) => ParsedParams;

const NO_PARAMS: Params = Object.freeze({});

/**
 * Makes the parser of an operation's parameters. Call it once per route. The parser throws `Refusal` 400 with one
 * pointer per fault.
 */
export function paramsParser(operation: OperationContract): ParamsParser {
  const { params, validateParams } = operation;
  const query = params.filter((param) => param.in === 'query');
  const plain = plainQuery(query);
  const headers = params
    .filter((param) => param.in === 'header')
    .map((param) => ({ param, field: param.name.toLowerCase() }));
  const segments = operation.path.split('/');
  const path = params
    .filter((param) => param.in === 'path')
    .map((param) => ({ param, ...segmentWith(segments, param.name) }));

  return (url, texts) => {
    const errors: ProblemError[] = [];
    const at = url.indexOf('?');
    const parsed: ParsedParams = {
      path: path.length === 0 ? NO_PARAMS : pathOf(path, at < 0 ? url : url.slice(0, at), errors),
      query:
        at < 0 ? queryOf(query, '', errors) : (plain(url.slice(at + 1)) ?? queryOf(query, url.slice(at + 1), errors)),
      header: headers.length === 0 ? NO_PARAMS : headersOf(headers, texts),
    };
    const found = errors.length > 0 ? errors : validateParams?.(parsed);
    if (found !== undefined && found.length > 0) throw invalid(found.slice(0, 20));
    return parsed;
  };
}

interface PathSegment {
  readonly param: ParamContract;
  readonly index: number;
  readonly before: number;
  readonly after: number;
}

/** Which segment has the parameter, and the length of the fixed text around it. */
function segmentWith(segments: readonly string[], name: string): Omit<PathSegment, 'param'> {
  const index = segments.findIndex((segment) => segment.includes(`{${name}}`));
  const [before = '', after = ''] = (segments[index] ?? '').split(`{${name}}`);
  return { index, before: before.length, after: after.length };
}

/** Reads the raw path, because a percent-encoded delimiter is part of a value. */
function pathOf(segments: readonly PathSegment[], path: string, errors: ProblemError[]): Params {
  const found: Record<string, ParamValue> = {};
  for (const { param, index, before, after } of segments) {
    const segment = segmentOf(path, index);
    try {
      found[param.name] = pathParam(param, segment.slice(before, segment.length - after));
    } catch (error) {
      if (!(error instanceof BadEncoding)) throw error;
      errors.push({ pointer: `/path/${param.name}`, detail: error.message });
    }
  }
  return found;
}

/** The same as `path.split('/')[index]`, without making the other segments. */
function segmentOf(path: string, index: number): string {
  let start = 0;
  for (let passed = 0; passed < index; passed++) {
    const slash = path.indexOf('/', start);
    if (slash < 0) return '';
    start = slash + 1;
  }
  const end = path.indexOf('/', start);
  return path.slice(start, end < 0 ? path.length : end);
}

/** Returns a new object even without a query, because the validator may write defaults into it. */
function queryOf(params: readonly ParamContract[], query: string, errors: ProblemError[]): Params {
  if (query !== '') return queryParams(params, query, errors);
  return params.length === 0 ? NO_PARAMS : {};
}

function headersOf(
  headers: readonly { readonly param: ParamContract; readonly field: string }[],
  texts: HeaderTexts,
): Params {
  const found: Record<string, ParamValue> = {};
  for (const { param, field } of headers) {
    const text = texts[field];
    if (text !== undefined) found[param.name] = headerParam(param, typeof text === 'string' ? text : text.join(', '));
  }
  return found;
}

/** A header parameter: style `simple`. Blanks around commas are ignored, and there is no percent-encoding. */
export function headerParam({ shape, explode }: ParamContract, text: string): ParamValue {
  if (shape.kind !== 'array' && shape.kind !== 'object') return toPrimitive(shape.kind, text);
  const items = text.split(',').map(withoutBlanks);
  if (shape.kind === 'array') return items.map((item) => toPrimitive(shape.items, item));
  const flat = explode
    ? items.flatMap((item) => [item.split('=')[0] ?? '', item.split('=').slice(1).join('=')])
    : items;
  const entries: [string, ParamItem][] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] ?? '';
    entries.push([name, toPrimitive(memberKind(shape, name) ?? 'string', flat[i + 1] ?? '')]);
  }
  return Object.fromEntries(entries);
}

/** Removes blanks and tabs at both ends (RFC 9110, section 5.6.3). Other white space, such as U+00A0, is data. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}

/**
 * A path parameter from its raw segment (OpenAPI 3.1, section 4.8.12.4): `simple` (`3,4`), `label` (`.3.4`) and
 * `matrix` (`;id=3;id=4`). Throws `BadEncoding` if the sign that the style begins with is missing.
 */
function pathParam({ name, style, explode, shape }: ParamContract, raw: string): ParamValue {
  if (style === 'label') {
    const text = behind('.', raw);
    return collect(shape, split(text, explode ? '.' : ','), explode) ?? single(shape, text);
  }
  if (style === 'matrix') {
    const text = behind(';', raw);
    const prefix = `${name}=`;
    const bare = text.startsWith(prefix) ? text.slice(prefix.length) : text;
    if (!explode) return collect(shape, split(bare, ','), false) ?? single(shape, bare);
    const parts = split(text, ';');
    const items =
      shape.kind === 'array'
        ? parts.map((part) => (part.startsWith(prefix) ? part.slice(prefix.length) : part))
        : parts;
    return collect(shape, items, true) ?? single(shape, bare);
  }
  return simple({ shape, explode }, raw);
}

function behind(sign: string, raw: string): string {
  if (!raw.startsWith(sign)) throw new BadEncoding(`must begin with ${JSON.stringify(sign)}`);
  return raw.slice(1);
}

/** Style `simple`. */
function simple({ shape, explode }: Pick<ParamContract, 'shape' | 'explode'>, raw: string): ParamValue {
  if (shape.kind !== 'array' && shape.kind !== 'object') return single(shape, raw);
  return collect(shape, split(raw, ','), explode) ?? single(shape, raw);
}

function single(shape: ParamContract['shape'], text: string): ParamValue {
  return shape.kind === 'array' || shape.kind === 'object' ? text : toPrimitive(shape.kind, decode(text));
}

function split(text: string, separator: string): readonly string[] {
  return text === '' ? [] : text.split(separator);
}
