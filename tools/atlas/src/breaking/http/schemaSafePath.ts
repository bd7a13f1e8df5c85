import { parsePointer } from '@atlas/ir';
import type { SafePath } from '../draft.ts';
import type { Cause } from '../schemas.ts';
import { inSteps, type Releases } from '../releases.ts';

/** The steps around an edit of a schema. The sender of the value decides which side has to change first. */
export function schemaSafePath(cause: Cause, releases: Releases): SafePath {
  const field = fieldOf(cause);
  return inSteps(releases, (where) => stepsOf(cause, field, where));
}

function stepsOf({ change, directions }: Cause, field: string, where: string): readonly [string, string, string] {
  switch (change) {
    case 'property-became-required':
    case 'required-property-added':
      return [
        `let ${where} accept ${field} as optional, and do what the server did so far if it is missing`,
        `let every client of ${where} send ${field}`,
        `require ${field}`,
      ];
    case 'property-refused':
      return [
        `go on accepting ${field} in ${where}, with deprecated: true`,
        `let every client of ${where} stop sending ${field}`,
        `refuse ${field}`,
      ];
    case 'property-became-optional':
    case 'property-removed':
      return [
        `go on sending ${field} in ${where}, with deprecated: true`,
        `let every client of ${where} work without ${field}`,
        `leave ${field} out`,
      ];
    case 'property-added':
      return [
        `allow ${field} in the answers of ${where}, and do not send it yet`,
        `let every client of ${where} skip or read ${field}`,
        `send ${field}`,
      ];
    default:
      return directions.includes('request')
        ? [
            `let ${where} accept the old and the new values of ${field}, or a new field beside it`,
            `move every client of ${where} to the new values`,
            'refuse the old values',
          ]
        : [
            `let ${where} go on sending the old values of ${field}, and the new ones in a field beside it`,
            `let every client of ${where} read the new values`,
            `send the new values as ${field}`,
          ];
  }
}

/** The field that an edit is about: the one that is missing or refused, else the nearest one around the schema. */
function fieldOf({ name, old }: Cause): string {
  if (name !== undefined) return JSON.stringify(name);
  const tokens = parsePointer(old) ?? [];
  const index = tokens.findLastIndex((token, at) => token === 'properties' && tokens[at - 1] !== 'properties');
  const field = index === -1 ? undefined : tokens[index + 1];
  if (field !== undefined) return JSON.stringify(field);
  if (tokens.includes('parameters')) return 'the parameter';
  return tokens.includes('headers') ? 'the header' : 'the body';
}
