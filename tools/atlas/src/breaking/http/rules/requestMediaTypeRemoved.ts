import type { JsonValue } from '@atlas/ir';
import type { Media } from '../api.ts';
import { proven, type HttpRule } from '../context.ts';
import { acceptingType, isRange } from '../match.ts';
import { Samples } from '../samples.ts';
import { inSteps } from '../releases.ts';

export const requestMediaTypeRemoved: HttpRule = {
  id: 'request-media-type-removed',
  purpose: 'A request body of a media type is no longer accepted, so a client that sends it gets 415.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
    const samples = new Samples(old.version);
    for (const { old: before, new: after } of pairs) {
      if (!before.body || !after.body) continue;
      const others = [...after.body.content.keys()].join(', ');
      for (const [type, media] of before.body.content) {
        if (acceptingType(after.body.content, type)) continue;
        const finding = {
          change: 'request-media-type-removed',
          message: `a request body of type ${type} is refused now`,
          old: old.version.loc(media.pointer),
          new: next.version.loc(after.body.pointer),
          reaches: [before.id],
          safePath: inSteps(releases, (where) => [
            `go on taking ${type} in ${where}, beside ${others}`,
            `move every client of ${where} to another type`,
            `refuse ${type}`,
          ]),
        };
        const body = isRange(type)
          ? bodyInRange(type, after.body.content, samples.of(media.schema, 'request'))
          : { type };
        yield proven(finding, body && requests.request(before, { body }, '/headers/content-type'));
      }
    }
  },
};

/** A body whose type is in the range, and refused now; undefined if none is known. */
function bodyInRange(range: string, left: ReadonlyMap<string, Media>, value: JsonValue | undefined) {
  const groups = range === '*/*' ? ['application', 'text', 'image'] : [range.slice(0, -2)];
  const type = groups.map((group) => `${group}/vnd.example+json`).find((one) => !acceptingType(left, one));
  return type === undefined || value === undefined ? undefined : { type, value };
}
