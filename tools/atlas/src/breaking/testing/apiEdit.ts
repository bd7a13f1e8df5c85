import { HTTP_METHODS, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Dice } from './dice.ts';
import { at, placesOf, withAt, type Path } from './places.ts';

/** Makes the next version of a document with one edit. Undefined if the edit does not fit. */
export type ApiEdit = (document: JsonObject, dice: Dice) => JsonObject | undefined;

/** Changes a random one of the places that a pattern names. */
export function edited(
  pattern: Path,
  change: (value: JsonObject, dice: Dice, path: Path, document: JsonObject) => JsonValue | undefined,
): ApiEdit {
  return (document, dice) => {
    const places = placesOf(document, pattern);
    if (places.length === 0) return undefined;
    const path = dice.pick(places);
    const value = at(document, path);
    const next = isObject(value) ? change(value, dice, path, document) : undefined;
    return next === undefined ? undefined : withAt(document, path, next);
  };
}

/** Removes a random one of the places that a pattern names. */
export function removed(pattern: Path, isMeant: (value: JsonObject) => boolean = () => true): ApiEdit {
  return (document, dice) => {
    const places = placesOf(document, pattern).filter((path) => {
      const value = at(document, path);
      return isObject(value) && isMeant(value);
    });
    return places.length === 0 ? undefined : withAt(document, dice.pick(places), undefined);
  };
}

export const OPERATION: Path = ['paths', '*', '*'];
export const PARAMETER: Path = [...OPERATION, 'parameters', '*'];
export const BODY: Path = [...OPERATION, 'requestBody'];
export const RESPONSES: Path = [...OPERATION, 'responses'];
export const RESPONSE: Path = [...RESPONSES, '*'];
export const HEADER: Path = [...RESPONSE, 'headers', '*'];

/** A new key for a member of an object, and its value. */
export function renamed(key: string, next: string): (value: JsonObject) => JsonObject | undefined {
  return (value) =>
    value[key] === undefined || value[next] !== undefined
      ? undefined
      : Object.fromEntries(Object.entries(value).map(([name, item]) => [name === key ? next : name, item]));
}

export const isMethod = (path: Path): boolean => HTTP_METHODS.some((method) => method === path.at(-1));

/** Moves a part into the components, and leaves a reference. */
export function extracted(pattern: Path, group: string): ApiEdit {
  return (document, dice) => {
    const places = placesOf(document, pattern).filter((path) => {
      const value = at(document, path);
      return isObject(value) && value['$ref'] === undefined;
    });
    if (places.length === 0 || at(document, ['components', group, 'Moved']) !== undefined) return undefined;
    const path = dice.pick(places);
    const moved = {
      ...document,
      components: withAt(objectAt(document, ['components']), [group, 'Moved'], at(document, path)),
    };
    return withAt(moved, path, { $ref: `#/components/${group}/Moved` });
  };
}

export function objectAt(document: JsonObject, path: Path): JsonObject {
  const value = at(document, path);
  return isObject(value) ? value : {};
}

/** Whether a discriminator looks at the schema itself, and not only at what it accepts. */
export function isTagged(document: JsonObject, path: Path): boolean {
  const holder = at(document, path.slice(0, -2));
  return path.at(-1) === 'kind' || (isObject(holder) && holder['discriminator'] !== undefined);
}
