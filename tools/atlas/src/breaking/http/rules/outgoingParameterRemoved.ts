import { proven, sameParameter, type HttpRule } from '../context.ts';
import { outgoingFinding } from '../outgoingFinding.ts';
import { spotOf } from '../witnesses.ts';

export const outgoingParameterRemoved: HttpRule = {
  id: 'outgoing-parameter-removed',
  purpose:
    'A webhook or a callback may lack a header or another parameter that was always there, so a client that reads it fails.',
  level: 'wire',
  *check(context) {
    for (const { old: before, new: after } of context.outgoing.pairs)
      for (const parameter of before.parameters) {
        const left = sameParameter(parameter, before, after);
        if (!parameter.required || parameter.in === 'path' || left?.required === true) continue;
        const name = `the ${parameter.in} parameter ${JSON.stringify(parameter.name)}`;
        const finding = outgoingFinding(context, before, {
          change: 'outgoing-parameter-removed',
          message: left ? `${before.id} may lack ${name}` : `${before.id} no longer has ${name}`,
          pointers: [parameter.pointer, left?.pointer ?? after.pointer],
        });
        yield proven(finding, context.responses.sent(after, before, {}, spotOf(parameter)));
      }
  },
};
