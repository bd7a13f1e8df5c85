/** A token of RFC 9110, 5.6.2: what the name of a header is made of. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/** Response headers that the plumbing writes; OpenAPI 3.1, section 4.8.17, has Content-Type ignored. */
const PLUMBING = new Set(['etag', 'atlas-version', 'x-correlation-id', 'content-type']);

/** Problems of the plumbing that come with `Retry-After` (RFC 9110, section 10.2.3). */
const ASK_AGAIN = new Set(['request-in-flight', 'busy', 'unavailable', 'outcome-unknown']);

/** `codes` are those of the problem that the response is, if it is one. */
export function isPlumbingHeader(name: string, codes: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return PLUMBING.has(lower) || (lower === 'retry-after' && codes.some((code) => ASK_AGAIN.has(code)));
}
