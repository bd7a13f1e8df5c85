import type { Alternative, Operation, Response } from './api.ts';
import type { Credential } from './credentials.ts';

/** Whether a media type stands for many: `image/*` or all of them (RFC 9110, section 12.5.1). */
export function isRange(type: string): boolean {
  return type.endsWith('/*');
}

/** What the new version does with a media type of a request: the type that accepts it. */
export function acceptingType<Media>(
  content: ReadonlyMap<string, Media>,
  type: string,
): readonly [string, Media] | undefined {
  const group = type.slice(0, type.indexOf('/'));
  for (const candidate of [type, `${group}/*`, '*/*']) {
    const media = content.get(candidate);
    if (media !== undefined) return [candidate, media];
  }
  return undefined;
}

/** Whether credentials for `given` are enough for `wanted`, whatever the schemes are called. */
export function isEnough(given: Alternative, wanted: Alternative): boolean {
  return isEachMet(given, wanted, isSame);
}

/**
 * Whether credentials for `given` are sent as `wanted` takes them, and only who issues them is described in another
 * way. Then no document says whether they are still accepted.
 */
export function mayBeEnough(given: Alternative, wanted: Alternative): boolean {
  return isEachMet(
    given,
    wanted,
    (one, other) => isSame(one, other) || (one.carrier === other.carrier && !isFromSame(one, other)),
  );
}

function isEachMet(
  given: Alternative,
  wanted: Alternative,
  meets: (given: Credential, wanted: Credential) => boolean,
): boolean {
  return [...wanted.values()].every((needed) => [...given.values()].some((known) => meets(known, needed)));
}

function isSame(given: Credential, wanted: Credential): boolean {
  return isFromSame(given, wanted) && wanted.scopes.every((scope) => given.scopes.includes(scope));
}

/** Whether everybody who has the one credential has it from where the other one comes from. */
function isFromSame(given: Credential, wanted: Credential): boolean {
  const isOfType = given.type === wanted.type && given.carrier === wanted.carrier;
  return isOfType && given.sources.every((source) => wanted.sources.includes(source));
}

/** The response with which an operation declares a status: the status itself, its range, or the default. */
export function knownResponse({ responses }: Operation, status: string): Response | undefined {
  return responses.get(status) ?? responses.get(`${status[0] ?? ''}XX`) ?? responses.get('default');
}
