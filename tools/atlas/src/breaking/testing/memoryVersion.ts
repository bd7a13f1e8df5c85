import { isObject, type JsonObject } from '@atlas/ir';
import type { Placed, Version } from '../sides/version.ts';
import { at, dialectOf, pointerOf } from './places.ts';

/**
 * A version of an OpenAPI document that is not in a file. Its references lead to places whose names need no escapes.
 */
export function memoryVersion(document: JsonObject): Version {
  return {
    document,
    dialect: dialectOf(document),
    isDirected: true,
    loc: (pointer) => ({ file: 'api.json', line: 1, column: 1, pointer }),
    follow(value, pointer): Placed | undefined {
      const ref = isObject(value) ? value['$ref'] : undefined;
      if (typeof ref !== 'string') return value === undefined ? undefined : { value, pointer };
      const path = ref.slice(2).split('/');
      return this.follow(at(document, path), pointerOf(path));
    },
  };
}
