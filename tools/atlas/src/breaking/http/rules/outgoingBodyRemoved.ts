import { proven, type HttpRule } from '../context.ts';
import { outgoingFinding } from '../outgoingFinding.ts';

export const outgoingBodyRemoved: HttpRule = {
  id: 'outgoing-body-removed',
  purpose: 'A webhook or a callback may be sent without the body that it always had, so a client that reads it fails.',
  level: 'wire',
  *check(context) {
    for (const { old: before, new: after } of context.outgoing.pairs) {
      if (before.body?.required !== true || after.body?.required === true) continue;
      const finding = outgoingFinding(context, before, {
        change: 'outgoing-body-removed',
        message: `${before.id} ${after.body ? 'may lack its body' : 'has no body any more'}`,
        pointers: [before.body.pointer, after.body?.pointer ?? after.pointer],
      });
      yield proven(finding, context.responses.sent(after, before, { withoutBody: true }, '/body'));
    }
  },
};
