import { sameParameter, suspected, type HttpRule } from '../context.ts';
import { inSteps } from '../../releases.ts';

export const parameterRemoved: HttpRule = {
  id: 'parameter-removed',
  purpose: 'A parameter is no longer declared, so the server refuses or ignores it, and a client gets another answer.',
  level: 'wire',
  *check({ old, new: next, pairs, releases }) {
    for (const { old: before, new: after } of pairs)
      for (const parameter of before.parameters) {
        if (sameParameter(parameter, before, after)) continue;
        const finding = {
          change: 'parameter-removed',
          message: `the ${parameter.in} parameter ${JSON.stringify(parameter.name)} was removed`,
          old: old.version.loc(parameter.pointer),
          new: next.version.loc(after.pointer),
          reaches: [before.id],
          safePath: inSteps(releases, (where) => [
            `keep ${JSON.stringify(parameter.name)} of ${where}, with deprecated: true`,
            `let every client of ${where} stop sending ${JSON.stringify(parameter.name)}`,
            `remove ${JSON.stringify(parameter.name)}`,
          ]),
        };
        yield suspected(finding, 'OpenAPI does not say whether a server refuses a parameter that it does not know');
      }
  },
};
