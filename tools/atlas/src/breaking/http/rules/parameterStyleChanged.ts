import type { Parameter } from '../api.ts';
import { parameterPairs, proven, type HttpRule } from '../context.ts';
import { inSteps } from '../../releases.ts';

export const parameterStyleChanged: HttpRule = {
  id: 'parameter-style-changed',
  purpose: 'A parameter is written in another style, so the server does not understand what old clients send.',
  level: 'wire',
  *check({ old, new: next, pairs, requests, releases }) {
    for (const pair of pairs)
      for (const [before, after] of parameterPairs(pair)) {
        if (written(before) === written(after)) continue;
        const values = requests.valuesOf(before, pair.old);
        // The text of a primitive is the same in most styles.
        const isSame = prefixOf(before) === prefixOf(after) && values.every((value) => typeof value !== 'object');
        if (isSame) continue;
        const finding = {
          change: 'parameter-style-changed',
          message: `the ${after.in} parameter ${JSON.stringify(after.name)} has ${written(after)} instead of ${written(before)}`,
          old: old.version.loc(before.pointer),
          new: next.version.loc(after.pointer),
          reaches: [pair.old.id],
          safePath: inSteps(releases, (where) => [
            `add a second parameter with ${written(after)} beside ${JSON.stringify(after.name)} of ${where}`,
            `move every client of ${where} to the second parameter`,
            `remove ${JSON.stringify(after.name)}`,
          ]),
        };
        const refused = { of: before, refusing: after, by: pair.new };
        const witnesses = values.map((value) => requests.parameter(pair.old, value, refused));
        yield proven(
          finding,
          witnesses.find((witness) => witness !== undefined),
        );
      }
  },
};

function written({ style, explode, isJson }: Parameter): string {
  return isJson ? 'JSON as its content' : `style ${style}${explode ? ', exploded' : ''}`;
}

/** Styles with the same prefix write a primitive in the same way. */
function prefixOf({ style, isJson }: Parameter): string {
  if (isJson) return 'JSON';
  return style === 'label' || style === 'matrix' ? style : '';
}
