import { isObject, type JsonObject } from '@atlas/ir';
import { isTagged, type ApiEdit } from './apiEdit.ts';
import { ApiSchemas } from './apiSchemas.ts';
import type { Dice } from './dice.ts';
import { equalApiEdits } from './equalApiEdits.ts';
import { otherApiEdits } from './otherApiEdits.ts';
import { at, dialectOf, schemaPlaces, withAt } from './places.ts';
import { equalEdits, otherEdits, type SchemaEdit } from './schemaEdits.ts';

export interface EditedApi {
  readonly old: JsonObject;
  readonly next: JsonObject;
  /** Names of the edits, in their order. */
  readonly edits: readonly string[];
  /** Whether both versions accept the same. */
  readonly isEqual: boolean;
}

const MOST_TRIES = 20;

/** Makes so many random edits of a document, or fewer if too many do not fit. */
export function editedApi(
  document: JsonObject,
  dice: Dice,
  count: number,
  edits: ReadonlyMap<string, ApiEdit>,
): EditedApi {
  let next = document;
  const made: string[] = [];
  for (let tries = 0; tries < MOST_TRIES && made.length < count; tries++) {
    const [name, edit] = dice.pick([...edits]);
    const edited = edit(next, dice);
    if (!edited) continue;
    next = edited;
    made.push(name);
  }
  return { old: document, next, edits: made, isEqual: made.every((name) => EQUAL.has(name)) };
}

function ofSchema(edit: SchemaEdit): ApiEdit {
  return (document, dice) => {
    const isLatest = dialectOf(document) === '2020-12';
    const path = dice.pick(schemaPlaces(document));
    const schema = at(document, path);
    if (!isObject(schema)) return undefined;
    const schemas = new ApiSchemas(dice, dialectOf(document), ['Word', 'Item', 'Part', 'Pet']);
    const next = edit({ schema, dice, schemas, isLatest, isTagged: isTagged(document, path) });
    return next === undefined ? undefined : withAt(document, path, next);
  };
}

const schemaEdits = (edits: Readonly<Record<string, SchemaEdit>>): readonly (readonly [string, ApiEdit])[] =>
  Object.entries(edits).map(([name, edit]) => [name, ofSchema(edit)]);

/** Edits after which every peer of the old version still works. A finding about one is a false alarm. */
export const equalApi: ReadonlyMap<string, ApiEdit> = new Map([
  ...schemaEdits(equalEdits),
  ...Object.entries(equalApiEdits),
]);

/** All edits. */
export const anyApi: ReadonlyMap<string, ApiEdit> = new Map([
  ...equalApi,
  ...schemaEdits(otherEdits),
  ...Object.entries(otherApiEdits),
]);

const EQUAL = new Set(equalApi.keys());
