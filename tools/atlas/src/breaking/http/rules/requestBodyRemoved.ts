import { suspected, type HttpRule } from '../context.ts';
import { inSteps } from '../../releases.ts';

export const requestBodyRemoved: HttpRule = {
  id: 'request-body-removed',
  purpose: 'An operation no longer has a request body, so the server refuses or ignores what clients send.',
  level: 'wire',
  *check({ old, new: next, pairs, releases }) {
    for (const { old: before, new: after } of pairs) {
      if (!before.body || after.body) continue;
      const finding = {
        change: 'request-body-removed',
        message: 'the request body was removed',
        old: old.version.loc(before.body.pointer),
        new: next.version.loc(after.pointer),
        reaches: [before.id],
        safePath: inSteps(releases, (where) => [
          `go on taking the body of ${where}, with required: false`,
          `let every client of ${where} stop sending a body`,
          'remove the body',
        ]),
      };
      yield suspected(finding, 'OpenAPI does not say whether a server refuses a body that it does not expect');
    }
  },
};
