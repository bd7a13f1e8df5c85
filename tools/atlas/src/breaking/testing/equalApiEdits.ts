import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import {
  BODY,
  edited,
  extracted,
  HEADER,
  isMethod,
  isTagged,
  objectAt,
  OPERATION,
  PARAMETER,
  RESPONSE,
  RESPONSES,
  type ApiEdit,
} from './apiEdit.ts';
import { ApiSchemas, ref } from './apiSchemas.ts';
import { at, dialectOf, placesOf, schemaPlaces, withAt } from './places.ts';

/** Edits around schemas that change nothing. */
export const equalApiEdits: Readonly<Record<string, ApiEdit>> = {
  'extract a schema': (document, dice) => {
    const places = schemaPlaces(document).filter((path) => path[0] !== 'components' || path.length > 3);
    const path = dice.pick(places);
    const schema = at(document, path);
    const isMoved = at(document, ['components', 'schemas', 'Moved']) !== undefined;
    if (
      !isObject(schema) ||
      isMoved ||
      isTagged(document, path) ||
      schema['readOnly'] !== undefined ||
      schema['writeOnly'] !== undefined
    )
      return undefined;
    return withAt(withAt(document, ['components', 'schemas', 'Moved'], schema), path, ref('Moved'));
  },
  'write out a reference': (document, dice) => {
    const path = dice.pick(schemaPlaces(document));
    const schema = at(document, path);
    const target = isObject(schema) ? schema['$ref'] : undefined;
    if (typeof target !== 'string' || isTagged(document, path) || Object.keys(objectAt(document, path)).length > 1)
      return undefined;
    return withAt(document, path, at(document, target.slice(2).split('/')));
  },
  'extract a parameter': extracted(PARAMETER, 'parameters'),
  'extract a body': extracted(BODY, 'requestBodies'),
  'extract a response': extracted(RESPONSE, 'responses'),
  'extract a header': extracted(HEADER, 'headers'),
  'parameters of the path': (document, dice) => {
    const places = placesOf(document, OPERATION).filter((path) => isMethod(path));
    if (places.length === 0) return undefined;
    const path = dice.pick(places);
    const list = at(document, [...path, 'parameters']);
    const item = path.slice(0, -1);
    if (!isList(list) || Object.keys(objectAt(document, item)).length > 1) return undefined;
    return withAt(withAt(document, [...path, 'parameters'], undefined), [...item, 'parameters'], list);
  },
  'rename a path parameter': (document) => {
    const path = '/items/{id}';
    const item = at(document, ['paths', path]);
    if (!isObject(item) || at(document, ['components', 'parameters']) !== undefined) return undefined;
    const text = JSON.stringify(item).replaceAll('"name":"id"', '"name":"item"');
    const next: JsonValue = JSON.parse(text);
    return withAt(withAt(document, ['paths', path], undefined), ['paths', '/items/{item}'], next);
  },
  'deprecate an operation': edited(OPERATION, (operation, _, path) =>
    isMethod(path) ? { ...operation, deprecated: true, summary: 'Words.' } : undefined,
  ),
  'add an operation': (document) =>
    withAt(document, ['paths', '/others', 'get'], { responses: { 204: { description: 'Done.' } } }),
  'add an optional parameter': edited(OPERATION, (operation, dice, path, document) => {
    if (!isMethod(path)) return undefined;
    const { parameters = [] } = operation;
    const schema = new ApiSchemas(dice, dialectOf(document), []).scalar();
    return {
      ...operation,
      parameters: [...(isList(parameters) ? parameters : []), { name: 'more', in: 'query', schema }],
    };
  }),
  'add a header': edited(RESPONSE, (response) => ({
    ...response,
    headers: { ...objectAt(response, ['headers']), 'X-More': { required: true, schema: { type: 'string' } } },
  })),
  'add a failure': edited(RESPONSES, (responses) =>
    ['409', '4XX', 'default'].some((status) => responses[status] !== undefined)
      ? undefined
      : { ...responses, 409: { description: 'Conflict.' } },
  ),
  'rename a security scheme': (document) => {
    const next: JsonValue = JSON.parse(JSON.stringify(document).replaceAll('"key":', '"apiKey":'));
    return isObject(next) ? next : undefined;
  },
  'security of each operation': (document) => {
    const { security, ...rest } = document;
    if (security === undefined) return undefined;
    const places = placesOf(rest, OPERATION).filter(
      (path) => isMethod(path) && at(rest, [...path, 'security']) === undefined,
    );
    return places.reduce<JsonObject>((next, path) => withAt(next, [...path, 'security'], security), rest);
  },
  'one more alternative': edited(OPERATION, (operation) => {
    const { security } = operation;
    return isList(security) && security.length > 0
      ? { ...operation, security: [...security, { other: [] }] }
      : undefined;
  }),
  'a default for the style': edited(PARAMETER, (parameter) => {
    const style = parameter['in'] === 'query' || parameter['in'] === 'cookie' ? 'form' : 'simple';
    return parameter['style'] === undefined && parameter['schema'] !== undefined ? { ...parameter, style } : undefined;
  }),
};
