import { knownResponse, acceptingType, proven, type HttpRule } from '../context.ts';

export const responseMediaTypeRemoved: HttpRule = {
  id: 'response-media-type-removed',
  purpose: 'A response no longer has a media type that clients read, so they get one that they can not read.',
  level: 'wire',
  *check({ old, new: next, pairs, responses }) {
    for (const { old: before, new: after } of pairs)
      for (const response of after.responses.values()) {
        const known = knownResponse(before, response.status);
        if (!known || known.content.size === 0) continue;
        const lost = [...known.content].find(([type]) => !acceptingType(response.content, type));
        if (!lost) continue;
        const [type, media] = lost;
        const finding = {
          change: 'response-media-type-removed',
          message: `the response ${response.status} has no body of type ${type} any more`,
          old: old.version.loc(media.pointer),
          new: next.version.loc(response.pointer),
          reaches: [before.id],
          safePath: [`answer with ${type} where the client accepts it`, 'move the clients', `remove ${type}`],
        };
        yield proven(finding, responses.response(response, undefined, undefined, '/headers/content-type'));
      }
  },
};
