import { suspected, type HttpRule } from '../context.ts';

export const operationIdChanged: HttpRule = {
  id: 'operation-id-changed',
  purpose: 'The name of an operation changed, so code that calls a generated client does not compile any more.',
  level: 'source',
  *check({ old, new: next, pairs, releases }) {
    for (const { old: before, new: after } of pairs) {
      if (before.operationId === undefined || before.operationId === after.operationId) continue;
      const now = after.operationId === undefined ? 'has no name any more' : `is called ${after.operationId}`;
      const finding = {
        change: 'operation-id-changed',
        message: `the operation ${before.operationId} ${now}`,
        old: old.version.loc(`${before.pointer}/operationId`),
        new: next.version.loc(`${after.pointer}/operationId`),
        reaches: [before.id],
        // a name is in one place, so that there is no version with both
        safePath: [
          `keep ${before.operationId}, or let every program that calls ${before.id} be changed together with it`,
          `change the name in ${releases.breaking}, with this in its notes`,
        ],
      };
      yield suspected(finding, 'requests stay the same; only code that is generated again differs');
    }
  },
};
