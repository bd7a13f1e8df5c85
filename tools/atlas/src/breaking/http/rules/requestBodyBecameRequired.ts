import { proven, type HttpRule } from '../context.ts';

export const requestBodyBecameRequired: HttpRule = {
  id: 'request-body-became-required',
  purpose: 'A body that clients could leave out is required, so a request without a body gets 400.',
  level: 'wire',
  *check({ old, new: next, pairs, requests }) {
    for (const { old: before, new: after } of pairs) {
      if (after.body?.required !== true || before.body?.required === true) continue;
      const finding = {
        change: 'request-body-became-required',
        message: before.body ? 'the request body became required' : 'a request body was added and is required',
        old: old.version.loc(before.body?.pointer ?? before.pointer),
        new: next.version.loc(after.body.pointer),
        reaches: [before.id],
        safePath: ['keep the body optional', 'let every client send one', 'make it required'],
      };
      yield proven(finding, requests.request(before, { withoutBody: true }, ''));
    }
  },
};
