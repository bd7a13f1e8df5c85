import { proven, type HttpContext, type HttpRule, type OperationPair } from '../context.ts';
import type { RuleFinding } from '../../rule.ts';
import { acceptingType, isRange, responsePairs, typeOutside, type ResponsePair } from '../match.ts';
import { inSteps } from '../../releases.ts';

export const responseMediaTypeRemoved: HttpRule = {
  id: 'response-media-type-removed',
  purpose:
    'A response no longer has a media type that clients read or ask for, so they get another type that they cannot read, or 406.',
  level: 'wire',
  *check(context) {
    for (const pair of context.pairs)
      for (const responses of responsePairs(pair.new, pair.old)) yield* findingsOf(context, pair, responses);
  },
};

function* findingsOf(
  { old, new: next, requests, responses, releases }: HttpContext,
  { old: before, new: after }: OperationPair,
  { sent: response, known }: ResponsePair,
): Generator<RuleFinding> {
  const sent = [...response.content.keys()];
  // A range that is wider than the one that clients read does not promise any type that they read.
  const readable = new Map([...response.content].filter(([type]) => acceptingType(known.content, type)));
  const lost = [...known.content].filter(
    ([type]) =>
      !acceptingType(readable, type) &&
      // A range promises none of its types in particular, so one of them is enough.
      !(isRange(type) && sent.some((one) => acceptingType(new Map([[type, true]]), one))),
  );
  const isWhole = lost.length === known.content.size;
  const unread = sent.map((type) => typeOutside(type, known.content)).find((type) => type !== undefined);
  // if nothing is left that clients know, one finding is enough
  for (const [type, media] of isWhole ? lost.slice(0, 1) : lost) {
    const finding = {
      change: 'response-media-type-removed',
      message: `the response ${response.status} has no body of type ${type} any more`,
      old: old.version.loc(media.pointer),
      new: next.version.loc(response.pointer),
      reaches: [before.id],
      safePath: inSteps(releases, (where) => [
        `let ${where} go on answering with ${type} if the Accept header of the client wants it`,
        `move every client of ${where} to another type`,
        `remove ${type}`,
      ]),
    };
    const witness = isWhole
      ? responses.unknown(
          after,
          before,
          { sent: response, known },
          '/headers/content-type',
          unread ? { type: unread } : {},
        )
      : requests.request(before, { accept: type }, '/headers/accept');
    yield proven(finding, witness);
  }
}
