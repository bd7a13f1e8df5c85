import { sameParameter, suspected, type HttpRule } from '../context.ts';

export const parameterRemoved: HttpRule = {
  id: 'parameter-removed',
  purpose: 'A parameter is no longer declared, so the server refuses or ignores it, and a client gets another answer.',
  level: 'wire',
  *check({ old, new: next, pairs }) {
    for (const { old: before, new: after } of pairs)
      for (const parameter of before.parameters) {
        if (sameParameter(parameter, before, after)) continue;
        const finding = {
          change: 'parameter-removed',
          message: `the ${parameter.in} parameter ${JSON.stringify(parameter.name)} was removed`,
          old: old.version.loc(parameter.pointer),
          new: next.version.loc(after.pointer),
          reaches: [before.id],
          safePath: ['keep it, and mark it as deprecated', 'move the clients', 'remove it when nobody sends it'],
        };
        yield suspected(finding, 'OpenAPI does not say whether a server refuses a parameter that it does not know');
      }
  },
};
