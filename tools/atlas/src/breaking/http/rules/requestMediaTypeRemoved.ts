import { proven, type HttpRule } from '../context.ts';
import { acceptingType, typeOutside } from '../match.ts';
import { inSteps } from '../../releases.ts';

export const requestMediaTypeRemoved: HttpRule = {
  id: 'request-media-type-removed',
  purpose: 'A request body of a media type is no longer accepted, so a client that sends it gets 415.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
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
            `go on accepting ${type} in ${where}, beside ${others}`,
            `move every client of ${where} to another type`,
            `refuse ${type}`,
          ]),
        };
        const body = { type: typeOutside(type, after.body.content) ?? type };
        yield proven(finding, requests.request(before, { body }, '/headers/content-type'));
      }
    }
  },
};
