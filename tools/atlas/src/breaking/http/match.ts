import type { Alternative, Operation, Response } from './api.ts';

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

/** Whether credentials for `given` are enough for `wanted`. */
export function isEnough(given: Alternative, wanted: Alternative): boolean {
  return [...wanted].every(([scheme, scopes]) => {
    const known = given.get(scheme);
    return known !== undefined && scopes.every((scope) => known.includes(scope));
  });
}

/** The response with which an operation declares a status: the status itself, its range, or the default. */
export function knownResponse({ responses }: Operation, status: string): Response | undefined {
  return responses.get(status) ?? responses.get(`${status[0] ?? ''}XX`) ?? responses.get('default');
}
