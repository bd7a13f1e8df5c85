import { EXTENSION } from '@atlas/ir';
import type { SafePath } from '../draft.ts';
import type { RuleFinding } from '../rule.ts';
import type { Api, Operation } from './api.ts';
import { proven, suspected, type HttpContext } from './context.ts';
import { inSteps, type Releases } from '../releases.ts';

/** Operations that are gone, with the whole path or with the method only. `change` is the id of the rule. */
export function* goneOperations(
  { old, new: next, removed, requests, releases }: HttpContext,
  gone: 'path' | 'method',
  change: string,
): Iterable<RuleFinding> {
  const pathOf = ({ path }: Operation): string => path.replaceAll(/\{[^{}]*\}/g, '{}');
  const mayAnswer = answering(next);
  const left = new Map(next.operations.map((operation) => [pathOf(operation), operation]));
  for (const operation of removed) {
    const rest = left.get(pathOf(operation));
    if ((rest === undefined) !== (gone === 'path')) continue;
    const finding = {
      change,
      message: `${operation.id} was removed`,
      old: old.version.loc(operation.pointer),
      ...(rest ? { new: next.version.loc(rest.pathPointer) } : {}),
      reaches: [operation.id],
      safePath: stepsOf(operation, releases),
    };
    const other = mayAnswer(operation);
    if (other) yield suspected(finding, `${other.id} may answer the same requests`);
    else yield proven(finding, requests.request(operation, {}, gone === 'path' ? '/url' : '/method'));
  }
}

/** An operation whose end is already announced only needs to stay until that day. */
function stepsOf({ id, edge }: Operation, releases: Releases): SafePath {
  const sunset = edge[EXTENSION.sunset];
  if (typeof sunset === 'string')
    return [
      `keep ${id} until ${sunset}, the day in its Sunset header`,
      `move every client of ${id} to what replaces it before that day`,
      `remove ${id} in ${releases.breaking}`,
    ];
  return inSteps(releases, (where) => [
    `keep ${where}, with deprecated: true, and with the day of its end as x-atlas-sunset`,
    `move every client of ${where} to what replaces it`,
    `remove ${where}`,
  ]);
}

/** Finds an operation with a template that also matches the path of another one. */
function answering({ operations }: Api): (operation: Operation) => Operation | undefined {
  const keyOf = (method: string, segments: readonly string[]): string => `${method} ${segments.length}`;
  const known = operations.map((operation) => ({ operation, segments: operation.path.split('/') }));
  const groups = Map.groupBy(known, ({ operation, segments }) => keyOf(operation.method, segments));
  return ({ method, path }) => {
    const segments = path.split('/');
    const alike = groups.get(keyOf(method, segments)) ?? [];
    return alike.find((other) =>
      other.segments.every((segment, index) => segment === segments[index] || segment.includes('{')),
    )?.operation;
  };
}
