import { proven, suspected, type HttpRule } from '../context.ts';
import { acceptingType } from '../match.ts';
import { outgoingFinding } from '../outgoingFinding.ts';

export const outgoingMediaTypeAdded: HttpRule = {
  id: 'outgoing-media-type-added',
  purpose: 'A webhook or a callback is sent in a media type that old clients do not read, so they answer with 415.',
  level: 'wire',
  *check(context) {
    for (const { old: before, new: after } of context.outgoing.pairs)
      for (const [type, media] of after.body?.content ?? []) {
        if (before.body && acceptingType(before.body.content, type)) continue;
        const finding = outgoingFinding(context, before, {
          change: 'outgoing-media-type-added',
          message: `${before.id} may have a body of type ${type}`,
          pointers: [before.body?.pointer ?? before.pointer, media.pointer],
        });
        if (before.body)
          yield proven(finding, context.responses.sent(after, before, { body: { type } }, '/headers/content-type'));
        else yield suspected(finding, 'OpenAPI does not say whether a client refuses a body that it does not expect');
      }
  },
};
