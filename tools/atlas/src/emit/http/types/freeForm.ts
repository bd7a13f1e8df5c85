import type { JsonObject } from '@atlas/ir';
import { keywordsOf } from '../../../jsonschema/keywords.ts';

/** Whether a schema is for objects with any members: no keyword says which ones, or gives a type of its own. */
export function isFreeForm(schema: JsonObject): boolean {
  const type = schema['type'];
  const isForObjects = type === 'object' || (Array.isArray(type) && type.includes('object'));
  return isForObjects && Object.keys(schema).every((key) => key === 'type' || !constrainsObjects(key));
}

function constrainsObjects(key: string): boolean {
  const keyword = keywordsOf('2020-12').get(key);
  return keyword?.typed === true && (keyword.type === undefined || keyword.type === 'object');
}
