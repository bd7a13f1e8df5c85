import { originForm, Refusal } from '@atlas/runtime/gateway';

/**
 * The characters of a path and of a query (RFC 3986, sections 3.3 and 3.4). Programs disagree about other characters.
 */
const TARGET = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*(\?[\x21\x22\x24-\x7e]*)?$/;

/**
 * A segment `.` or `..`, even with encoded dots, because some URL parsers remove it together with the segment before
 * it.
 */
const DOTS = /\/(?:\.|%2e){1,2}(?=\/|$)/i;

/** Whether this is a path, perhaps with a query, that every URL parser reads in the same way. */
export function isTarget(target: string): boolean {
  const end = target.indexOf('?');
  return TARGET.test(target) && !DOTS.test(end < 0 ? target : target.slice(0, end));
}

/**
 * Path and query for the service. They are unchanged, so that its router decides as this one does. Throws `Refusal` 400
 * for a target that a URL parser on the way could change.
 */
export function requestTarget(url: string): string {
  const target = originForm(url);
  if (!isTarget(target))
    throw new Refusal({ code: 'malformed-request', detail: 'the path has characters or segments that no path has' });
  return target;
}
