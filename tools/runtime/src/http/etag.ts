import type { EntityTag, IfMatch } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import { invalid, Refusal } from './problem.ts';
import { TEXT_MEDIA_TYPES, type TextMediaType } from './textMediaTypes.ts';

/** A version as a strong entity tag (RFC 9110, section 8.8.3). */
export function etagOf(version: bigint): string {
  return `"${version}"`;
}

/**
 * The entity tag of the version's text form, because a strong tag belongs to one representation (RFC 9110, section
 * 8.8.1).
 */
export function textTag(etag: string, mediaType: TextMediaType): string {
  return etag.replace(/"$/, `-${TEXT_MEDIA_TYPES[mediaType].tag}"`);
}

/** An entity tag (RFC 9110, section 8.8.3). Node reads each byte of a header as one character. */
const TAG = String.raw`(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const ONE_TAG = new RegExp(`^${TAG}$`);
const TAGS = new RegExp(TAG, 'g');
const LIST_OF_TAGS = new RegExp(`^(?:[ \\t]*,)*[ \\t]*${TAG}(?:[ \\t]*,(?:[ \\t]*${TAG})?)*[ \\t]*$`);
const VERSION = /^"([1-9]\d{0,18})"$/;
/** The last version that a handler can follow with the next one: they are stored as int8. */
const MAX_VERSION = 2n ** 63n - 2n;

/** Whether a text can be sent as `ETag`. */
export function isEntityTag(text: string): text is EntityTag {
  return ONE_TAG.test(text);
}

/**
 * The version in `If-Match` (RFC 9110, section 13.1.1), or the whole condition if tags are opaque. Throws `Refusal`:
 * 428 if it is required and missing; 400 if it is malformed. If tags are versions, it is also 412 for a tag that this
 * service never gives, such as a weak one, because the comparison is strong; and 400 for a list, and for `*` if a
 * version is required. If none is required, `*` is the same as no If-Match.
 */
export function ifMatchOf(operation: OperationContract, header: string | undefined): bigint | IfMatch | undefined {
  if (operation.ifMatch === undefined) return undefined;
  const { required, opaque } = operation.ifMatch;
  if (header === undefined) {
    if (!required) return undefined;
    throw new Refusal({ code: 'if-match-missing', detail: 'send If-Match with the ETag of what you have read' });
  }
  const text = header.trim();
  return opaque === true ? conditionOf(text) : versionOf(text, required);
}

function conditionOf(text: string): IfMatch {
  if (text === '*') return '*';
  if (LIST_OF_TAGS.test(text)) return [...text.matchAll(TAGS)].map(([tag]) => tag).filter(isStrong);
  throw invalid([{ pointer: '/header/If-Match', detail: 'must be entity tags, such as "9f86d081", or *' }]);
}

function isStrong(tag: string): tag is EntityTag {
  return tag.startsWith('"');
}

function versionOf(text: string, required: boolean): bigint | undefined {
  // any version is fine, and a handler that finds no resource says so itself
  if (text === '*' && !required) return undefined;
  const version = VERSION.exec(text)?.[1];
  if (version !== undefined && BigInt(version) <= MAX_VERSION) return BigInt(version);
  if (isEntityTag(text))
    throw new Refusal({ code: 'version-conflict', detail: 'If-Match has a tag that this resource never had' });
  throw invalid([{ pointer: '/header/If-Match', detail: 'must be one entity tag, such as "7"' }]);
}

/**
 * For handlers of operations whose tags are not versions: whether the condition holds for the resource as it is now
 * (RFC 9110, section 13.1.1). `etag` is undefined if there is no resource. A weak tag matches only `*`. Without a
 * condition, the result is true.
 */
export function matchesTag(ifMatch: IfMatch | undefined, etag: EntityTag | undefined): boolean {
  return ifMatch === undefined || (etag !== undefined && (ifMatch === '*' || ifMatch.includes(etag)));
}

/**
 * The same for a contract whose 412 is a problem of the plumbing: throws an error that becomes 412 `version-conflict`.
 */
export function checkIfMatch(ifMatch: IfMatch | undefined, etag: EntityTag | undefined): void {
  if (matchesTag(ifMatch, etag)) return;
  throw new Refusal({ code: 'version-conflict', detail: 'the resource has no tag that If-Match names: read it again' });
}

/**
 * Whether `If-None-Match` names this entity tag, so that a GET is answered with 304 (RFC 9110, section 13.1.2). The
 * comparison is weak.
 */
export function matchesNone(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const wanted = etag.replace(/^W\//, '');
  return [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === wanted);
}
