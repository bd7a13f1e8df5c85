import { isObject, unescapeToken, type JsonObject, type JsonValue } from '@atlas/ir';
import { targetAt } from '../hashcons/targetAt.ts';
import { partsIn } from '../../jsonschema/walk.ts';

export interface Tags {
  readonly property: string;
  /** The tags of each branch; undefined if the branch says nothing, or fixes the property itself. */
  readonly values: readonly (readonly string[] | undefined)[];
}

/**
 * What a discriminator says about the branches beside it (OpenAPI 3.1, section 4.8.25): the keys of the mapping select
 * a branch, or else the name of its schema does. A branch that fixes the property itself needs no tag.
 */
export function tagsOf(document: JsonObject, schema: JsonObject, branches: readonly JsonValue[]): Tags | undefined {
  const { discriminator } = schema;
  if (!isObject(discriminator)) return undefined;
  const property = discriminator['propertyName'];
  if (typeof property !== 'string') return undefined;
  const mapping = isObject(discriminator['mapping']) ? Object.entries(discriminator['mapping']) : [];
  const values = branches.map((branch) => {
    const ref = isObject(branch) ? branch['$ref'] : undefined;
    if (typeof ref !== 'string' || fixes(document, branch, property)) return undefined;
    const name = nameOf(ref);
    const mapped = mapping.filter(([, target]) => target === ref || target === name).map(([key]) => key);
    return mapped.length > 0 ? mapped.toSorted() : [name];
  });
  return values.some((tags) => tags !== undefined) ? { property, values } : undefined;
}

function nameOf(ref: string): string {
  return unescapeToken(ref.slice(ref.lastIndexOf('/') + 1));
}

function fixes(document: JsonObject, branch: JsonValue, property: string): boolean {
  return partsIn(branch, (ref) => targetAt(document, ref)).some(({ properties }) => {
    const own = isObject(properties) ? properties[property] : undefined;
    return isObject(own) && (own['const'] !== undefined || own['enum'] !== undefined);
  });
}
