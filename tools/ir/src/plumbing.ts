/**
 * What the plumbing of the runtime does without the handler. Generated types leave what it does over HTTP out of what a
 * handler gets and gives. The runtime states the same facts in files of its own, because neither side may import the
 * other; a test compares the two.
 */

export interface PlumbingProblem {
  readonly status: number;
  /** It comes with `Retry-After`. */
  readonly askAgain?: true;
}

/** Problems that the plumbing answers with, by problem code. */
export const PLUMBING_PROBLEMS: ReadonlyMap<string, PlumbingProblem> = new Map<string, PlumbingProblem>([
  ['idempotency-key-missing', { status: 400 }],
  ['malformed-body', { status: 400 }],
  ['malformed-request', { status: 400 }],
  ['validation-failed', { status: 400 }],
  ['unauthenticated', { status: 401 }],
  ['forbidden-role', { status: 403 }],
  ['not-found-route', { status: 404 }],
  ['method-not-allowed', { status: 405 }],
  ['request-timeout', { status: 408 }],
  ['request-in-flight', { status: 409, askAgain: true }],
  ['version-conflict', { status: 412 }],
  ['body-too-large', { status: 413 }],
  ['path-too-long', { status: 414 }],
  ['unsupported-content-coding', { status: 415 }],
  ['unsupported-media-type', { status: 415 }],
  ['expectation-failed', { status: 417 }],
  ['idempotency-key-reused', { status: 422 }],
  ['if-match-missing', { status: 428 }],
  ['headers-too-large', { status: 431 }],
  ['internal', { status: 500 }],
  ['unsupported-transfer-coding', { status: 501 }],
  ['busy', { status: 503, askAgain: true }],
  ['outcome-unknown', { status: 503, askAgain: true }],
  ['unavailable', { status: 503, askAgain: true }],
]);

/** The paths below which the plumbing serves the document and its reference. */
export const REFERENCE_PATHS: readonly string[] = [
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/js/scalar.js',
  '/docs/openapi.json',
  '/docs/openapi.yaml',
];

/** Header fields that the plumbing reads or writes, in lower case; `Retry-After` it writes with some problems only. */
export const PLUMBING_HEADERS: {
  readonly request: ReadonlySet<string>;
  readonly response: ReadonlySet<string>;
} = {
  request: new Set(['idempotency-key', 'if-match']),
  response: new Set(['atlas-version', 'etag', 'idempotency-replayed', 'x-content-type-options', 'x-correlation-id']),
};

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
