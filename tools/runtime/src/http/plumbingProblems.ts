import type { RETRY_AFTER, WWW_AUTHENTICATE } from './headerNames.ts';

/**
 * The problems that the plumbing answers with, by their `code`. Some come with a header:
 * `Retry-After` (RFC 9110, section 10.2.3), if the same request may succeed a moment later, and `WWW-Authenticate` (RFC
 * 6750, section 3), which says how a caller authenticates. The toolkit has the same list in `@atlas/ir` (plumbing.ts),
 * because neither side may import the other; a test compares the two.
 */
export const PLUMBING_PROBLEMS = {
  'idempotency-key-missing': { status: 400 },
  'malformed-body': { status: 400 },
  'malformed-request': { status: 400 },
  'validation-failed': { status: 400 },
  unauthenticated: { status: 401, header: 'www-authenticate' },
  'webhook-signature-missing': { status: 401, header: 'www-authenticate' },
  'webhook-signature-wrong': { status: 401, header: 'www-authenticate' },
  'webhook-timestamp-stale': { status: 401, header: 'www-authenticate' },
  'forbidden-role': { status: 403, header: 'www-authenticate' },
  'not-found-route': { status: 404 },
  'method-not-allowed': { status: 405 },
  'not-acceptable': { status: 406 },
  'request-timeout': { status: 408 },
  'request-in-flight': { status: 409, header: 'retry-after' },
  'version-conflict': { status: 412 },
  'body-too-large': { status: 413 },
  'path-too-long': { status: 414 },
  'unsupported-content-coding': { status: 415 },
  'unsupported-media-type': { status: 415 },
  'expectation-failed': { status: 417 },
  'idempotency-key-reused': { status: 422 },
  'if-match-missing': { status: 428 },
  'rate-limited': { status: 429, header: 'retry-after' },
  'headers-too-large': { status: 431 },
  internal: { status: 500 },
  'unsupported-transfer-coding': { status: 501 },
  busy: { status: 503, header: 'retry-after' },
  'outcome-unknown': { status: 503, header: 'retry-after' },
  unavailable: { status: 503, header: 'retry-after' },
} as const satisfies Readonly<
  Record<string, { readonly status: number; readonly header?: typeof RETRY_AFTER | typeof WWW_AUTHENTICATE }>
>;

/** The `code` of a problem that the plumbing answers with. */
export type PlumbingCode = keyof typeof PLUMBING_PROBLEMS;
