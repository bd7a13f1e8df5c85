import type { RuleFinding } from '../../rule.ts';
import type { Operation } from '../api.ts';
import { proven, sameParameter, suspected, type HttpContext, type HttpRule } from '../context.ts';
import { acceptingType } from '../match.ts';
import { spotOf } from '../witnesses.ts';

export const outgoingMediaTypeAdded: HttpRule = {
  id: 'outgoing-media-type-added',
  purpose: 'A webhook or a callback is sent in a media type that old clients do not read, so they answer with 415.',
  level: 'wire',
  *check(context) {
    for (const { old: before, new: after } of context.outgoing.pairs)
      for (const [type, media] of after.body?.content ?? []) {
        if (before.body && acceptingType(before.body.content, type)) continue;
        const finding = findingOf(context, before, {
          change: 'outgoing-media-type-added',
          message: `${before.id} may have a body of type ${type}`,
          pointers: [before.body?.pointer ?? before.pointer, media.pointer],
        });
        if (before.body)
          yield proven(finding, context.responses.sent(after, before, { body: { type } }, '/headers/content-type'));
        else yield suspected(finding, 'OpenAPI does not say whether a client refuses a body that it does not expect');
      }
  },
};

export const outgoingBodyRemoved: HttpRule = {
  id: 'outgoing-body-removed',
  purpose: 'A webhook or a callback may be sent without the body that it always had, so a client that reads it fails.',
  level: 'wire',
  *check(context) {
    for (const { old: before, new: after } of context.outgoing.pairs) {
      if (before.body?.required !== true || after.body?.required === true) continue;
      const finding = findingOf(context, before, {
        change: 'outgoing-body-removed',
        message: `${before.id} ${after.body ? 'may lack its body' : 'has no body any more'}`,
        pointers: [before.body.pointer, after.body?.pointer ?? after.pointer],
      });
      yield proven(finding, context.responses.sent(after, before, { withoutBody: true }, '/body'));
    }
  },
};

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
        const finding = findingOf(context, before, {
          change: 'outgoing-parameter-removed',
          message: left ? `${before.id} may lack ${name}` : `${before.id} no longer has ${name}`,
          pointers: [parameter.pointer, left?.pointer ?? after.pointer],
        });
        yield proven(finding, context.responses.sent(after, before, {}, spotOf(parameter)));
      }
  },
};

interface What {
  readonly change: string;
  readonly message: string;
  readonly pointers: readonly [old: string, next: string];
}

function findingOf({ old, new: next }: HttpContext, operation: Operation, { change, message, pointers }: What) {
  return {
    change,
    message,
    old: old.version.loc(pointers[0]),
    new: next.version.loc(pointers[1]),
    reaches: [operation.id],
    safePath: [
      'go on sending what old clients read',
      'let every client that receives it read the new form',
      'send the new form',
    ],
  } satisfies Partial<RuleFinding>;
}
