import { parameterPairs, proven, type HttpRule } from '../context.ts';
import { spotOf } from '../witnesses.ts';

export const parameterStyleChanged: HttpRule = {
  id: 'parameter-style-changed',
  purpose: 'A list or an object is written in another way, so the server does not understand what old clients send.',
  level: 'wire',
  *check({ old, new: next, pairs, requests }) {
    for (const pair of pairs)
      for (const [before, after] of parameterPairs(pair)) {
        if (before.style === after.style && before.explode === after.explode) continue;
        // the text of a primitive is the same in most styles
        if (before.type !== 'array' && before.type !== 'object') continue;
        const written = (style: string, explode: boolean): string => `style ${style}${explode ? ', exploded' : ''}`;
        const finding = {
          change: 'parameter-style-changed',
          message: `the ${after.in} parameter ${JSON.stringify(after.name)} has ${written(after.style, after.explode)} instead of ${written(before.style, before.explode)}`,
          old: old.version.loc(before.pointer),
          new: next.version.loc(after.pointer),
          reaches: [pair.old.id],
          safePath: ['add a second parameter with the new style', 'move the clients', 'remove the first one'],
        };
        yield proven(finding, requests.request(pair.old, { parameter: { of: before } }, spotOf(after)));
      }
  },
};
