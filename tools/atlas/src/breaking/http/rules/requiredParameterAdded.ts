import { proven, sameParameter, type HttpRule } from '../context.ts';
import { spotOf } from '../witnesses.ts';

export const requiredParameterAdded: HttpRule = {
  id: 'required-parameter-added',
  purpose: 'A new parameter is required, so a client that does not know it gets 400.',
  level: 'wire',
  *check({ new: next, pairs, requests }) {
    for (const { old: before, new: after } of pairs)
      for (const parameter of after.parameters) {
        if (!parameter.required || parameter.in === 'path' || sameParameter(parameter, after, before)) continue;
        const finding = {
          change: 'required-parameter-added',
          message: `the ${parameter.in} parameter ${JSON.stringify(parameter.name)} was added and is required`,
          new: next.version.loc(parameter.pointer),
          reaches: [before.id],
          safePath: [
            'add the parameter as optional, with what the server did so far as its default',
            'release, and let every client send it',
            'make it required',
          ],
        };
        yield proven(finding, requests.request(before, {}, spotOf(parameter)));
      }
  },
};
