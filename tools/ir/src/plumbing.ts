/**
 * What the plumbing of the runtime does without the handler. The types of handlers leave out what it does over HTTP,
 * and a spec must declare it. The runtime states the same facts in files of its own, because neither side may import
 * the other; a test compares the two.
 */

/**
 * Which operations may be answered with a problem:
 *
 * - `any`: all of them, because of a parameter, a body that they do not accept, or a fault of the service;
 * - `body`: those with a request body;
 * - `token`: those that need a token, and `role`: those that need a role;
 * - `webhook`: those whose requests are signed;
 * - `key`: those with `Idempotency-Key`, and `required-key`: those that require it;
 * - `version`: those with `If-Match` whose tags are versions, and `required-version`: those that require `If-Match`;
 * - `choice`: those whose answer has several media types to choose from;
 * - `command`: those that may change something;
 * - `transport`: all of them, because the request broke the rules of HTTP, before an operation was chosen;
 * - `none`: no operation of a service, because the request has no route, or because the gateway answers.
 */
export type Occasion =
  | 'any'
  | 'body'
  | 'token'
  | 'role'
  | 'webhook'
  | 'key'
  | 'required-key'
  | 'version'
  | 'required-version'
  | 'choice'
  | 'command'
  | 'transport'
  | 'none';

export interface PlumbingProblem {
  readonly status: number;
  readonly on: Occasion;
  /** The header that it comes with, in lower case. */
  readonly header?: 'retry-after' | 'www-authenticate';
}

/** Problems that the plumbing answers with, by problem code. */
export const PLUMBING_PROBLEMS: ReadonlyMap<string, PlumbingProblem> = new Map<string, PlumbingProblem>([
  ['idempotency-key-missing', { status: 400, on: 'required-key' }],
  ['malformed-body', { status: 400, on: 'body' }],
  ['malformed-request', { status: 400, on: 'transport' }],
  ['validation-failed', { status: 400, on: 'any' }],
  ['unauthenticated', { status: 401, on: 'token', header: 'www-authenticate' }],
  ['webhook-signature-missing', { status: 401, on: 'webhook', header: 'www-authenticate' }],
  ['webhook-signature-wrong', { status: 401, on: 'webhook', header: 'www-authenticate' }],
  ['webhook-timestamp-stale', { status: 401, on: 'webhook', header: 'www-authenticate' }],
  ['forbidden-role', { status: 403, on: 'role', header: 'www-authenticate' }],
  ['not-found-route', { status: 404, on: 'none' }],
  ['method-not-allowed', { status: 405, on: 'none' }],
  ['not-acceptable', { status: 406, on: 'choice' }],
  ['request-timeout', { status: 408, on: 'transport' }],
  ['request-in-flight', { status: 409, on: 'key', header: 'retry-after' }],
  ['version-conflict', { status: 412, on: 'version' }],
  ['body-too-large', { status: 413, on: 'body' }],
  ['path-too-long', { status: 414, on: 'transport' }],
  ['unsupported-content-coding', { status: 415, on: 'body' }],
  ['unsupported-media-type', { status: 415, on: 'body' }],
  ['expectation-failed', { status: 417, on: 'transport' }],
  ['idempotency-key-reused', { status: 422, on: 'key' }],
  ['if-match-missing', { status: 428, on: 'required-version' }],
  ['rate-limited', { status: 429, on: 'none', header: 'retry-after' }],
  ['headers-too-large', { status: 431, on: 'transport' }],
  ['internal', { status: 500, on: 'any' }],
  ['unsupported-transfer-coding', { status: 501, on: 'transport' }],
  ['busy', { status: 503, on: 'any', header: 'retry-after' }],
  ['outcome-unknown', { status: 503, on: 'command', header: 'retry-after' }],
  ['unavailable', { status: 503, on: 'any', header: 'retry-after' }],
]);

/**
 * The media types of text that a GET may answer with beside JSON. The plumbing chooses one by Accept (RFC 9110, section
 * 12.5.1).
 */
export const TEXT_MEDIA_TYPES = ['text/csv', 'text/html'] as const;

export type TextMediaType = (typeof TEXT_MEDIA_TYPES)[number];

/** The longest body, in bytes, that the plumbing accepts, unless the operation has another limit. */
export const BODY_LIMIT = 1_048_576;

/** The paths below which the plumbing serves the document and its reference. */
export const REFERENCE_PATHS: readonly string[] = [
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/js/scalar.js',
  '/docs/openapi.json',
  '/docs/openapi.yaml',
];

/**
 * Header fields that the plumbing reads or writes, in lower case. It writes some others, but only with certain
 * problems.
 */
export const PLUMBING_HEADERS: {
  readonly request: ReadonlySet<string>;
  readonly response: ReadonlySet<string>;
} = {
  request: new Set(['idempotency-key', 'if-match']),
  response: new Set([
    'atlas-version',
    'etag',
    'idempotency-replayed',
    'vary',
    'x-content-type-options',
    'x-correlation-id',
  ]),
};

/**
 * The codes of a problem that a handler may return. Specs often list all codes of the plumbing in one shared response,
 * so no 4xx code of the plumbing is for the handler, whatever the status. Its 5xx codes are common words (`busy`),
 * which a handler may use with a status that is not the plumbing's.
 */
export function handlerCodes(answered: number, codes: readonly string[]): readonly string[] {
  return codes.filter((code) => {
    const status = PLUMBING_PROBLEMS.get(code)?.status;
    return status === undefined || (status >= 500 && status !== answered);
  });
}

/** The headers of records that the runtime writes and reads. */
export const EVENT_HEADERS: ReadonlySet<string> = new Set([
  'content-type',
  'ce_specversion',
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_time',
  'ce_correlationid',
  'ce_causationid',
  'ce_sequence',
  'ce_actorid',
  'traceparent',
]);
