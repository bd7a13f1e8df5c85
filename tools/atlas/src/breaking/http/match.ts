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

/** A response that the writer sends, and the one with which the reader knows it. */
export interface ResponsePair {
  readonly sent: Response;
  readonly known: Response;
}

/**
 * The responses of a writer and of a reader that stand for the same status. A range or a default of the writer also
 * stands for each status that only the reader names. A default stands for a success only if no success is named.
 */
export function responsePairs(writer: Operation, reader: Operation): readonly ResponsePair[] {
  const own = [...writer.responses.values()].flatMap((sent): readonly ResponsePair[] => {
    const known = knownResponse(reader, sent.status);
    return known ? [{ sent, known }] : [];
  });
  const isFailure = ({ status }: Response): boolean => /^[45]/.test(status);
  const hasSuccess = [...writer.responses.keys()].some((status) => /^[123]/.test(status));
  const named = [...reader.responses.values()].flatMap((known): readonly ResponsePair[] => {
    const sent = knownResponse(writer, known.status);
    const isMeant = sent && (sent.status !== 'default' || isFailure(known) || !hasSuccess);
    return isMeant && !own.some((pair) => pair.sent === sent && pair.known === known) ? [{ sent, known }] : [];
  });
  return [...own, ...named];
}

/** A type that a content takes by this entry: the type itself, or one of the range that has no entry of its own. */
export function typeWithin(type: string, content: ReadonlyMap<string, unknown>): string {
  if (!isRange(type)) return type;
  const usual = type === '*/*' ? ['application/json', 'text/plain', 'image/png'] : [type.replace('/*', '/plain')];
  return usual.find((one) => acceptingType(content, one)?.[0] === type) ?? typesOf(type)[0] ?? type;
}

function typesOf(range: string): readonly string[] {
  const groups = range === '*/*' ? ['application', 'text', 'image'] : [range.slice(0, -2)];
  return groups.map((group) => `${group}/vnd.example+json`);
}

/** A type of a media type or a range that a content does not have; undefined if none is known. */
export function typeOutside(type: string, content: ReadonlyMap<string, unknown>): string | undefined {
  if (!isRange(type)) return acceptingType(content, type) ? undefined : type;
  return typesOf(type).find((one) => !acceptingType(content, one));
}

/** The response with which an operation declares a status: the status itself, its range, or the default. */
export function knownResponse({ responses }: Operation, status: string): Response | undefined {
  return responses.get(status) ?? responses.get(`${status[0] ?? ''}XX`) ?? responses.get('default');
}
