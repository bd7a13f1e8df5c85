import { isObject, parsePointer, type JsonValue } from '@atlas/ir';
import { schemasIn } from '../../jsonschema/walk.ts';
import { ApiSchemas } from './apiSchemas.ts';
import type { Dice } from './dice.ts';
import { at, withAt } from './places.ts';
import { equalEdits, otherEdits } from './schemaEdits.ts';

const EDITS = Object.entries({ ...equalEdits, ...otherEdits });
const MOST_TRIES = 20;

/** A schema of 2020-12 with one random edit somewhere inside it, or as it is if no edit fits. */
export function editedSchema(schema: JsonValue, dice: Dice): JsonValue {
  const document = { root: schema };
  const schemas = new ApiSchemas(dice, '2020-12', []);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { pointer } = dice.pick([...schemasIn(schema)]);
    const path = ['root', ...(parsePointer(pointer) ?? [])];
    const place = at(document, path);
    const [, edit] = dice.pick(EDITS);
    const next = isObject(place) ? edit({ schema: place, dice, schemas, isLatest: true, isTagged: false }) : undefined;
    if (next !== undefined) return withAt(document, path, next)['root'] ?? schema;
  }
  return schema;
}
