import { parameterPairs, proven, type HttpRule } from '../context.ts';
import { spotOf } from '../witnesses.ts';

export const parameterBecameRequired: HttpRule = {
  id: 'parameter-became-required',
  purpose: 'A parameter that clients could leave out is required, so a request without it gets 400.',
  level: 'wire',
  *check({ old, new: next, pairs, requests }) {
    for (const pair of pairs)
      for (const [before, after] of parameterPairs(pair)) {
        if (before.required || !after.required) continue;
        const finding = {
          change: 'parameter-became-required',
          message: `the ${after.in} parameter ${JSON.stringify(after.name)} became required`,
          old: old.version.loc(before.pointer),
          new: next.version.loc(after.pointer),
          reaches: [pair.old.id],
          safePath: ['keep it optional, with a default', 'let every client send it', 'make it required'],
        };
        yield proven(finding, requests.request(pair.old, {}, spotOf(after)));
      }
  },
};
