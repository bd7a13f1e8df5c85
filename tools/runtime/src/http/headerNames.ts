/*
 * The header fields that the plumbing reads and writes, in lower case as Node has them. The toolkit has the same lists
 * in `@atlas/ir` (plumbing.ts), because neither side may import the other; a test compares the two.
 */

/** Header fields of a request that the plumbing reads and handlers do not see. */
export const REQUEST_HEADER = { idempotencyKey: 'idempotency-key', ifMatch: 'if-match' } as const;

/** Header fields of an answer that the plumbing writes, not only with its own problems. */
export const RESPONSE_HEADER = {
  atlasVersion: 'atlas-version',
  contentTypeOptions: 'x-content-type-options',
  correlationId: 'x-correlation-id',
  etag: 'etag',
  replayed: 'idempotency-replayed',
  vary: 'vary',
} as const;

export const RETRY_AFTER = 'retry-after';

/** The challenge of a problem about a token (RFC 6750, section 3). */
export const WWW_AUTHENTICATE = 'www-authenticate';
