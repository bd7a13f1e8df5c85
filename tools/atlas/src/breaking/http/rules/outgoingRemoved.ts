import { suspected, type HttpRule } from '../context.ts';

export const outgoingRemoved: HttpRule = {
  id: 'outgoing-removed',
  purpose: 'A webhook or a callback is no longer sent, so a client that waits for it waits for ever.',
  level: 'wire',
  *check({ old, outgoing }) {
    for (const operation of outgoing.removed) {
      yield suspected(
        {
          change: 'outgoing-removed',
          message: `${operation.id} was removed`,
          old: old.version.loc(operation.pointer),
          reaches: [operation.id],
          safePath: [
            `go on sending it, and mark it with deprecated: true`,
            'move every client to what replaces it',
            'stop sending it',
          ],
        },
        'no message shows that something is not sent',
      );
    }
  },
};
