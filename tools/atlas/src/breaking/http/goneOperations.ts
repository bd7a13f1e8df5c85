import type { RuleFinding } from '../rule.ts';
import type { Api, Operation } from './api.ts';
import { proven, suspected, type HttpContext } from './context.ts';

/** Operations that are gone, with the whole path or with the method only. `change` is the rule that asks. */
export function* goneOperations(
  { old, new: next, removed, requests }: HttpContext,
  gone: 'path' | 'method',
  change: string,
): Iterable<RuleFinding> {
  const pathOf = ({ path }: Operation): string => path.replaceAll(/\{[^{}]*\}/g, '{}');
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
      safePath: [
        `keep ${operation.id}, and mark it with deprecated: true and a date for the Sunset header`,
        'release, and move every client to what replaces it',
        'remove it when no client has called it for as long as you support old clients',
      ],
    };
    const other = answeredBy(next, operation);
    if (other) yield suspected(finding, `${other.id} may answer the same requests`);
    else yield proven(finding, requests.request(operation, {}, gone === 'path' ? '/url' : '/method'));
  }
}

/** An operation with a template that also matches the path. */
function answeredBy({ operations }: Api, { method, path }: Operation): Operation | undefined {
  const segments = path.split('/');
  return operations.find((other) => {
    const others = other.path.split('/');
    return (
      other.method === method &&
      others.length === segments.length &&
      others.every((segment, index) => segment === segments[index] || segment.includes('{'))
    );
  });
}
