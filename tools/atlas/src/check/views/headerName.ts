/** A token of RFC 9110, 5.6.2: what the name of a header is made of. */
export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}
