import { PLUMBING_HEADERS, PLUMBING_PROBLEMS, TEXT_MEDIA_TYPES, type TextMediaType } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { partsOf } from '../../jsonschema/walk.ts';
import type { OperationView, ParamView, ResponseView } from './http.ts';

/** RFC 9457, section 3. */
export const PROBLEM = 'application/problem+json';

/** `application/json`, or a type with the suffix `+json` (RFC 6839). JSON has no parameters. */
export function isJson(mediaType: string): boolean {
  return /^(application\/json|[a-z]+\/[a-z0-9.!#$&^_-]+\+json)$/i.test(mediaType);
}

/** Whether this response may have text beside JSON, so that the plumbing sends the one that the client asks for. */
export function mayHaveTexts({ method }: Pick<OperationView, 'method'>, { status }: ResponseView): boolean {
  return method === 'get' && status === '200';
}

export function isText(mediaType: string): mediaType is TextMediaType {
  return TEXT_MEDIA_TYPES.some((text) => text === mediaType);
}

/** The media types of text that a response has beside JSON, in document order. */
export function textsOf(operation: Pick<OperationView, 'method'>, response: ResponseView): readonly TextMediaType[] {
  if (!mayHaveTexts(operation, response)) return [];
  const names = (response.cursor.get('content')?.entries() ?? []).map(([name]) => name);
  return names.some(isJson) ? names.filter(isText) : [];
}

/** The values that a problem's `code` is restricted to, including by `allOf`. Empty if it is not restricted. */
export function problemCodes(schema: Cursor | undefined): readonly string[] {
  const [first, ...others] = schema ? partsOf(schema).flatMap(restriction) : [];
  return first ? first.filter((code) => others.every((list) => list.includes(code))) : [];
}

/** The values to which `const` or `enum` of a schema restricts `code`, if it does. */
function restriction(schema: Cursor): readonly (readonly string[])[] {
  const own = schema.at('properties', 'code');
  const constant = own?.get('const')?.string();
  if (constant !== undefined) return [[constant]];
  const listed = own?.get('enum')?.items();
  return listed ? [listed.flatMap((item) => item.string() ?? [])] : [];
}

/** A token of RFC 9110, section 5.6.2: what the name of a header is made of. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/** A header parameter by its case-insensitive name. */
export function headerParam(operation: OperationView, name: string): ParamView | undefined {
  return operation.params.find((param) => param.in === 'header' && param.name.toLowerCase() === name.toLowerCase());
}

/**
 * OpenAPI 3.1, section 4.8.12.1: header parameters of these names are ignored, because other keywords describe them.
 */
const IGNORED_IN_REQUESTS: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);

/** Whether a header parameter is for the handler, and neither for the plumbing nor ignored by OpenAPI. */
export function isHandlersParam(name: string): boolean {
  const lower = name.toLowerCase();
  return !PLUMBING_HEADERS.request.has(lower) && !IGNORED_IN_REQUESTS.has(lower);
}

/** Whether a header that the plumbing reads must be sent. Undefined if the operation does not list it. */
export function plumbingHeader(operation: OperationView, name: string): { readonly required: boolean } | undefined {
  const param = headerParam(operation, name);
  return param && { required: param.cursor.get('required')?.boolean() === true };
}

/**
 * Whether the plumbing writes this response header. It writes `Retry-After` and `WWW-Authenticate` only with some
 * problems: with those below 500 whatever the status of the response, with the others only at their own status.
 * Content-Type counts, because OpenAPI ignores it (3.1, section 4.8.17).
 */
export function isPlumbingHeader(
  name: string,
  problem?: { readonly status: number; readonly codes: readonly string[] },
): boolean {
  const lower = name.toLowerCase();
  if (lower === 'content-type' || PLUMBING_HEADERS.response.has(lower)) return true;
  return problem?.codes.some((code) => comesWith(lower, problem.status, code)) === true;
}

function comesWith(header: string, status: number, code: string): boolean {
  const known = PLUMBING_PROBLEMS.get(code);
  return known?.header === header && (known.status < 500 || known.status === status);
}
