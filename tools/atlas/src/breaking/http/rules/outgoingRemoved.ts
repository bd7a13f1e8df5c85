import { suspected, type HttpRule } from '../context.ts';
import { inSteps } from '../../releases.ts';

export const outgoingRemoved: HttpRule = {
  id: 'outgoing-removed',
  purpose: 'A webhook or a callback is no longer sent, so a client that waits for it waits forever.',
  level: 'wire',
  *check({ old, outgoing, releases }) {
    for (const operation of outgoing.removed) {
      yield suspected(
        {
          change: 'outgoing-removed',
          message: `${operation.id} was removed`,
          old: old.version.loc(operation.pointer),
          reaches: [operation.id],
          safePath: inSteps(releases, (where) => [
            `go on sending ${where}, with deprecated: true`,
            `move every client that receives ${where} to what replaces it`,
            `stop sending ${where}`,
          ]),
        },
        'no message shows that something is not sent',
      );
    }
  },
};
