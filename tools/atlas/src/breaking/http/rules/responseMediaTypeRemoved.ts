import { proven, type HttpContext, type HttpRule, type OperationPair } from '../context.ts';
import type { Response } from '../api.ts';
import type { RuleFinding } from '../../rule.ts';
import { acceptingType, isRange, knownResponse } from '../match.ts';
import { inSteps } from '../releases.ts';

export const responseMediaTypeRemoved: HttpRule = {
  id: 'response-media-type-removed',
  purpose:
    'A response no longer has a media type that clients read or ask for, so they get one that they can not read, or 406.',
  level: 'wire',
  *check(context) {
    for (const pair of context.pairs)
      for (const response of pair.new.responses.values()) {
        const known = knownResponse(pair.old, response.status);
        if (known) yield* findingsOf(context, pair, known, response);
      }
  },
};

function* findingsOf(
  { old, new: next, requests, responses, releases }: HttpContext,
  { old: before, new: after }: OperationPair,
  known: Response,
  response: Response,
): Generator<RuleFinding> {
  const sent = [...response.content.keys()];
  const lost = [...known.content].filter(
    ([type]) =>
      !acceptingType(response.content, type) &&
      // A range promises none of its types, so that one of them is enough.
      !(isRange(type) && sent.some((one) => acceptingType(known.content, one)?.[0] === type)),
  );
  const isWhole = lost.length === known.content.size;
  // where nothing is left that clients know, one finding says it all
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
      ? responses.unknown(after, before, response, '/headers/content-type')
      : requests.request(before, { accept: type }, '/headers/accept');
    yield proven(finding, witness);
  }
}
