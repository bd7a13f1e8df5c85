/**
 * The problems that the plumbing answers with, by their `code`. One with `askAgain` comes with `Retry-After` (RFC 9110,
 * section 10.2.3), because the same request may succeed a moment later. The toolkit has the same list in `@atlas/ir`
 * (plumbing.ts), because neither side may import the other; a test compares the two.
 */
export const PLUMBING_PROBLEMS = {
  'idempotency-key-missing': { status: 400 },
  'malformed-body': { status: 400 },
  'malformed-request': { status: 400 },
  'validation-failed': { status: 400 },
  unauthenticated: { status: 401 },
  'forbidden-role': { status: 403 },
  'not-found-route': { status: 404 },
  'method-not-allowed': { status: 405 },
  'request-timeout': { status: 408 },
  'request-in-flight': { status: 409, askAgain: true },
  'version-conflict': { status: 412 },
  'body-too-large': { status: 413 },
  'path-too-long': { status: 414 },
  'unsupported-content-coding': { status: 415 },
  'unsupported-media-type': { status: 415 },
  'expectation-failed': { status: 417 },
  'idempotency-key-reused': { status: 422 },
  'if-match-missing': { status: 428 },
  'headers-too-large': { status: 431 },
  internal: { status: 500 },
  'unsupported-transfer-coding': { status: 501 },
  busy: { status: 503, askAgain: true },
  'outcome-unknown': { status: 503, askAgain: true },
  unavailable: { status: 503, askAgain: true },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly askAgain?: true }>>;

/** The `code` of a problem that the plumbing answers with. */
export type PlumbingCode = keyof typeof PLUMBING_PROBLEMS;
