/** A token of RFC 9110, 5.6.2: what the name of a header is made of. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/** Response headers that the plumbing writes; OpenAPI 3.1, section 4.8.17, has Content-Type ignored. */
const PLUMBING = new Set(['etag', 'atlas-version', 'x-correlation-id', 'content-type']);

export function isPlumbingHeader(name: string): boolean {
  return PLUMBING.has(name.toLowerCase());
}
