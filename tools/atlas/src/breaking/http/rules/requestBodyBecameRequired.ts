import { proven, type HttpRule } from '../context.ts';
import { inSteps } from '../../releases.ts';

export const requestBodyBecameRequired: HttpRule = {
  id: 'request-body-became-required',
  purpose: 'A body that clients could leave out is required, so a request without a body gets 400.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
    for (const { old: before, new: after } of pairs) {
      if (after.body?.required !== true || before.body?.required === true) continue;
      const finding = {
        change: 'request-body-became-required',
        message: before.body ? 'the request body became required' : 'a request body was added and is required',
        old: old.version.loc(before.body?.pointer ?? before.pointer),
        new: next.version.loc(after.body.pointer),
        reaches: [before.id],
        safePath: inSteps(releases, (where) => [
          `keep the body of ${where} optional, and let the server do what it did so far if there is none`,
          `let every client of ${where} send a body`,
          'require the body',
        ]),
      };
      yield proven(finding, requests.request(before, { withoutBody: true }, ''));
    }
  },
};
