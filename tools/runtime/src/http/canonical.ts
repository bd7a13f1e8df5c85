import { createHash } from 'node:crypto';
import type { IfMatch } from '../contract/handler.ts';

/**
 * JSON with sorted members and no blanks, so that equal values give equal texts (RFC 8785 without its number rules).
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * The digest of a request: SHA-256 of method, path with query, body, and the value of `If-Match` if there is one. With
 * it, the same change of another version is another request.
 */
export function digestOf(method: string, url: string, body: unknown, ifMatch?: bigint | IfMatch): Uint8Array {
  return createHash('sha256')
    .update(`${method} ${url}\n${body === undefined ? '' : canonical(body)}`)
    .update(ifMatch === undefined ? '' : `\nIf-Match: ${String(ifMatch)}`)
    .digest();
}
