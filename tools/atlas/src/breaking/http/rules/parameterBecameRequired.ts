import { parameterPairs, proven, type HttpRule } from '../context.ts';
import { spotOf } from '../witnesses.ts';
import { inSteps } from '../../releases.ts';

export const parameterBecameRequired: HttpRule = {
  id: 'parameter-became-required',
  purpose: 'A parameter that clients could leave out is required, so a request without it gets 400.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
    for (const pair of pairs)
      for (const [before, after] of parameterPairs(pair)) {
        if (before.required || !after.required) continue;
        const finding = {
          change: 'parameter-became-required',
          message: `the ${after.in} parameter ${JSON.stringify(after.name)} became required`,
          old: old.version.loc(before.pointer),
          new: next.version.loc(after.pointer),
          reaches: [pair.old.id],
          safePath: inSteps(releases, (where) => [
            `keep ${JSON.stringify(after.name)} of ${where} optional, with a default`,
            `let every client of ${where} send ${JSON.stringify(after.name)}`,
            `require ${JSON.stringify(after.name)}`,
          ]),
        };
        yield proven(finding, requests.request(pair.old, {}, spotOf(after)));
      }
  },
};
