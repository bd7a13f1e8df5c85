import type { Operation, Parameter } from '../api.ts';
import { proven, suspected, type HttpContext, type HttpRule } from '../context.ts';
import { meaningsOf } from '../parameterText.ts';
import { Samples } from '../samples.ts';

export const pathTakenOver: HttpRule = {
  id: 'path-taken-over',
  purpose:
    'A new path answers requests that a path with a parameter answered, because concrete paths come first (OpenAPI 3.1, section 4.8.8.2).',
  level: 'wire',
  *check(context) {
    const { old, new: next, pairs, requests } = context;
    const known = new Set(pairs.map((pair) => pair.new));
    const added = Map.groupBy(
      next.operations.filter((operation) => !known.has(operation)),
      lengthOf,
    );
    const samples = new Samples(old.version);
    for (const { old: before, new: after } of pairs)
      for (const other of added.get(lengthOf(after)) ?? []) {
        const taken = takenFrom(before, after, other);
        if (!taken || !taken.every((one) => mayBe(one, samples))) continue;
        const finding = {
          change: 'path-taken-over',
          message: `${other.id} answers requests that ${before.id} answered`,
          old: old.version.loc(before.pointer),
          new: next.version.loc(other.pointer),
          reaches: [before.id],
          safePath: [
            'give the new operation a path that matches no path with a parameter',
            `or let ${before.id} refuse the value first, and release that`,
          ],
        };
        const witness = witnessOf(requests, before, taken);
        if (witness) yield proven(finding, witness);
        else yield suspected(finding, 'both may accept the same requests, and only the handlers say what they answer');
      }
  },
};

/** Only paths of as many segments match the same requests. */
function lengthOf({ method, path }: Operation): string {
  return `${method} ${path.split('/').length}`;
}

/** A path parameter with the value that the other path has in its place. */
interface Taken {
  readonly of: Parameter | undefined;
  readonly value: string;
}

/** Parameters that the path of another operation decides; undefined if it takes over no request. */
function takenFrom(before: Operation, after: Operation, other: Operation): readonly Taken[] | undefined {
  if (!other.bases.some((base) => after.bases.includes(base))) return undefined;
  const [names, parts] = [before.path.split('/'), other.path.split('/')];
  const taken: Taken[] = [];
  for (const [index, part] of parts.entries()) {
    const name = names[index] ?? '';
    const isTemplate = /^\{[^{}]*\}$/.test(name);
    if (isTemplate && !part.includes('{')) {
      const of = before.parameters.find((one) => one.in === 'path' && `{${one.name}}` === name);
      taken.push({ of, value: part });
    } else if (!isTemplate && name !== part) return undefined;
  }
  return taken.length === 0 ? undefined : taken;
}

/** Whether the parameter accepts one of the values that its text may mean. */
function mayBe({ of, value }: Taken, samples: Samples): boolean {
  const meanings = (of && meaningsOf(of, [value], decodeURIComponent)) ?? [value];
  return meanings.some((meaning) => samples.accepts(of?.schema, meaning, 'request'));
}

/** A request that the operation accepts and the other one refuses. Only one parameter is tried. */
function witnessOf(requests: HttpContext['requests'], before: Operation, taken: readonly Taken[]) {
  const [first, ...others] = taken;
  if (!first?.of || others.length > 0) return undefined;
  return requests.request(before, { parameter: { of: first.of, value: first.value } }, '/url');
}
