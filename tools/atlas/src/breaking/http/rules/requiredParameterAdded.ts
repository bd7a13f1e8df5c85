import { proven, sameParameter, type HttpRule } from '../context.ts';
import { spotOf } from '../witnesses.ts';
import { inSteps } from '../../releases.ts';

export const requiredParameterAdded: HttpRule = {
  id: 'required-parameter-added',
  purpose: 'A new parameter is required, so a client that does not know it gets 400.',
  level: 'wire',
  *check({ new: next, pairs, requests, releases }) {
    for (const { old: before, new: after } of pairs)
      for (const parameter of after.parameters) {
        if (!parameter.required || parameter.in === 'path' || sameParameter(parameter, after, before)) continue;
        const finding = {
          change: 'required-parameter-added',
          message: `the ${parameter.in} parameter ${JSON.stringify(parameter.name)} was added and is required`,
          new: next.version.loc(parameter.pointer),
          reaches: [before.id],
          safePath: inSteps(releases, (where) => [
            `add ${JSON.stringify(parameter.name)} to ${where} as optional, with what the server did so far as its default`,
            `let every client of ${where} send ${JSON.stringify(parameter.name)}`,
            `require ${JSON.stringify(parameter.name)}`,
          ]),
        };
        yield proven(finding, requests.request(before, {}, spotOf(parameter)));
      }
  },
};
