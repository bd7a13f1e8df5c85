import { validateHeaderValue } from 'node:http';
import type { ProblemError } from '../contract/handler.ts';
import type { OperationContract, ResponseContract } from '../contract/operation.ts';
import type { AnyResult } from '../contract/service.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { checkEmits } from '../outbox/record.ts';
import { etagOf, isEntityTag, textTag } from './etag.ts';
import { RESPONSE_HEADER } from './headerNames.ts';
import { problemReply } from './problem.ts';
import type { Reply, StreamedReply } from './reply.ts';
import { textHeaders } from './textMediaTypes.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const PLAIN_PROBLEM: ResponseContract = { kind: 'problem' };

/**
 * Turns a handler's result into a reply and checks it against the contract: status and events are declared, body and
 * headers fit their schemas. Throws `AtlasError` ATLAS_RESPONSE or ATLAS_EVENTS, which become a 500.
 */
export function answer(operation: OperationContract, result: AnyResult, correlationId: string): Reply {
  const { status } = result;
  const { response, headers } = headOf(operation, result);
  if (response.kind === 'problem') {
    if (result.problem === undefined) throw wrong(operation, `gives no problem with ${status}`);
    return problemReply(status, result.problem, correlationId, headers);
  }
  if (response.kind === 'empty') return { status, headers, body: undefined };
  const errors = response.validate?.(result.body);
  if (errors !== undefined) throw broken(operation, status, 'a body', errors);
  headers['content-type'] = response.mediaType ?? 'application/json';
  return { status, headers, body: response.serialize ? response.serialize(result.body) : JSON.stringify(result.body) };
}

/**
 * The same for a read, whose client may have asked for text: `accept` is the media type that was chosen for it. Text is
 * not checked, because it is sent while it is made.
 */
export function answerToRead(
  operation: OperationContract,
  result: AnyResult,
  correlationId: string,
  accept: string | undefined,
): Reply | StreamedReply {
  const { status, body, mediaType = operation.responses[status]?.mediaType } = result;
  const texts = operation.responses[status]?.texts ?? [];
  if (texts.length === 0 || accept === undefined) return answer(operation, result, correlationId);
  if (mediaType !== accept) throw wrong(operation, `answers with ${mediaType}, but the client gets ${accept}`);
  const text = texts.find((name) => name === accept);
  if (text === undefined) return answer(operation, result, correlationId);
  const { headers: own } = headOf(operation, result);
  const { [RESPONSE_HEADER.etag]: etag } = own;
  const headers = {
    ...textHeaders(text),
    ...own,
    ...(etag === undefined ? {} : { [RESPONSE_HEADER.etag]: textTag(etag, text) }),
  };
  if (typeof body === 'string') return { status, headers, body };
  if (isChunks(body)) return { status, headers, chunks: body };
  throw wrong(operation, `answers ${status} with ${accept} that is not text`);
}

function isChunks(body: unknown): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** What the contract says about a result's status, and the headers of the answer except its media type. */
function headOf(
  operation: OperationContract,
  result: AnyResult,
): { readonly response: ResponseContract; readonly headers: Record<string, string> } {
  const { status } = result;
  const response = operation.responses[status] ?? (operation.problems?.includes(status) ? PLAIN_PROBLEM : undefined);
  if (response === undefined) throw wrong(operation, `answers ${status}, which is not declared`);
  checkEmits(response.emits, result.events);
  const headers: Record<string, string> = {};
  if (response.etag === true) {
    if (result.version === undefined) throw wrong(operation, `gives no version, and ${status} promises an ETag`);
    headers[RESPONSE_HEADER.etag] = etagOf(result.version);
  }
  const misfits = response.validateHeaders?.(result.headers ?? {});
  if (misfits !== undefined) throw broken(operation, status, 'headers', misfits);
  for (const name of response.headers ?? []) {
    const given = result.headers?.[name];
    if (given === undefined) continue;
    const value = String(given);
    // checked before the commit, because afterwards it is too late
    if (!isHeaderValue(name, value)) throw wrong(operation, `gives a header ${name} that can't be sent`);
    if (name.toLowerCase() === RESPONSE_HEADER.etag && !isEntityTag(value))
      throw wrong(operation, `gives an ETag that is not an entity tag, such as "9f86d081" with its quotes`);
    headers[name.toLowerCase()] = value;
  }
  return { response, headers };
}

/**
 * The headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) of an operation, the same for each response. OpenAPI has
 * no deprecation date; any past date means "deprecated now".
 */
export function lifecycleHeaders({
  deprecated,
}: Pick<OperationContract, 'deprecated'>): Readonly<Record<string, string>> {
  if (!deprecated) return {};
  const { sunset } = deprecated;
  const at = sunset === undefined ? undefined : new Date(DATE.test(sunset) ? `${sunset}T00:00:00Z` : sunset);
  return { deprecation: '@0', ...(at ? { sunset: at.toUTCString() } : {}) };
}

function isHeaderValue(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function broken(
  operation: OperationContract,
  status: number,
  what: 'a body' | 'headers',
  errors: readonly ProblemError[],
): AtlasError {
  const found = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  const verb = what === 'headers' ? 'break their schemas' : 'breaks its schema';
  return wrong(operation, `answers ${status} with ${what} that ${verb}: ${found}`);
}

function wrong({ id }: OperationContract, message: string): AtlasError {
  return new AtlasError('ATLAS_RESPONSE', `${id} ${message}`);
}
