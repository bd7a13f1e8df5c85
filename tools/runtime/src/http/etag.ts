import type { OperationContract } from '../contract/operation.ts';
import { invalid, Refusal } from './problem.ts';
import { TEXT_MEDIA_TYPES, type TextMediaType } from './textMediaTypes.ts';

/** A version as a strong entity tag (RFC 9110, section 8.8.3). */
export function etagOf(version: bigint): string {
  return `"${version}"`;
}

/** The tag of a version as text: a strong tag belongs to one representation (RFC 9110, section 8.8.1). */
export function textTag(etag: string, mediaType: TextMediaType): string {
  return etag.replace(/"$/, `-${TEXT_MEDIA_TYPES[mediaType].tag}"`);
}

const STRONG = /^"([^"]*)"$/;
const VERSION = /^[1-9]\d{0,18}$/;
/** Versions are stored as int8. */
const MAX_VERSION = 2n ** 63n - 1n;

/**
 * The version in `If-Match` (RFC 9110, section 13.1.1). Throws `Refusal`: 428 if it is required and missing; 412 for a
 * tag that this service never gives, such as a weak one, because the comparison is strong; 400 for a list, and for `*`
 * where a version is required. If none is, `*` is the same as no If-Match.
 */
export function ifMatchOf(operation: OperationContract, header: string | undefined): bigint | undefined {
  if (operation.ifMatch === undefined) return undefined;
  if (header === undefined) {
    if (!operation.ifMatch.required) return undefined;
    throw new Refusal({ code: 'if-match-missing', detail: 'send If-Match with the ETag of what you have read' });
  }
  const text = header.trim();
  // any version: a handler that finds no resource says so itself
  if (text === '*' && !operation.ifMatch.required) return undefined;
  const tag = STRONG.exec(text)?.[1];
  if (tag !== undefined && VERSION.test(tag) && BigInt(tag) <= MAX_VERSION) return BigInt(tag);
  if (tag !== undefined || /^W\/"[^"]*"$/.test(text))
    throw new Refusal({ code: 'version-conflict', detail: 'If-Match has a tag that this resource never had' });
  throw invalid([{ pointer: '/header/If-Match', detail: 'must be one entity tag, such as "7"' }]);
}

/**
 * Whether `If-None-Match` names this entity tag, so that a GET is answered with 304 (RFC 9110, section 13.1.2). The
 * comparison is weak.
 */
export function matchesNone(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}
