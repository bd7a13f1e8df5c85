import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import {
  BODY,
  edited,
  HEADER,
  isMethod,
  OPERATION,
  PARAMETER,
  removed,
  renamed,
  RESPONSE,
  RESPONSES,
  type ApiEdit,
} from './apiEdit.ts';
import { ApiSchemas } from './apiSchemas.ts';
import type { Dice } from './dice.ts';
import { at, dialectOf, placesOf, withAt, type Path } from './places.ts';

/** Edits around schemas that may break one side or the other. */
export const otherApiEdits: Readonly<Record<string, ApiEdit>> = {
  'remove an operation': (document, dice) => {
    const places = placesOf(document, OPERATION).filter((path) => isMethod(path));
    return places.length === 0 ? undefined : withAt(document, dice.pick(places), undefined);
  },
  'another method': edited(['paths', '*'], (item) => {
    const [method] = Object.keys(item);
    return method === undefined ? undefined : renamed(method, 'delete')(item);
  }),
  'another path': edited(['paths'], renamed('/items', '/things')),
  'a concrete path beside': (document, dice) =>
    withAt(
      document,
      ['paths', dice.pick(['/items/a', '/items/1', '/a/{other}']), dice.pick(['put', 'post', 'patch'])],
      {
        responses: { 204: { description: 'Done.' } },
      },
    ),
  'another server': (document, dice) => ({
    ...document,
    servers: dice.pick([[{ url: '/v1' }], [{ url: '/v2' }], [{ url: '/v2' }, { url: '/v1' }]]),
  }),
  'remove a parameter': removed(PARAMETER, (parameter) => parameter['in'] !== 'path'),
  'add a required parameter': edited(OPERATION, (operation, dice, path) => {
    if (!isMethod(path)) return undefined;
    const { parameters = [] } = operation;
    const more = {
      name: 'must',
      in: dice.pick(['query', 'header', 'cookie']),
      required: true,
      schema: { type: 'string' },
    };
    return { ...operation, parameters: [...(isList(parameters) ? parameters : []), more] };
  }),
  'switch required of a parameter': edited(PARAMETER, (parameter) =>
    parameter['in'] === 'path' || parameter['in'] === undefined
      ? undefined
      : { ...parameter, required: parameter['required'] !== true },
  ),
  'another name of a parameter': edited(PARAMETER, (parameter) =>
    parameter['in'] === 'query' ? { ...parameter, name: `${String(parameter['name'])}2` } : undefined,
  ),
  'another place of a parameter': edited(PARAMETER, (parameter, dice) =>
    parameter['in'] === 'query' && parameter['schema'] !== undefined && parameter['style'] === undefined
      ? { ...parameter, in: dice.pick(['header', 'cookie']), style: undefined, explode: undefined }
      : undefined,
  ),
  'another style': edited(PARAMETER, (parameter, dice) => {
    if (parameter['in'] !== 'query' || parameter['schema'] === undefined) return undefined;
    return {
      ...parameter,
      ...dice.pick([
        { style: 'form', explode: true },
        { style: 'form', explode: false },
        { style: 'pipeDelimited', explode: false },
        { style: 'spaceDelimited', explode: false },
        { style: 'deepObject', explode: true },
      ]),
    };
  }),
  'another style in a path': edited(PARAMETER, (parameter, dice) =>
    parameter['in'] === 'path' ? { ...parameter, style: dice.pick(['simple', 'label', 'matrix']) } : undefined,
  ),
  'a parameter as JSON': edited(PARAMETER, ({ schema, style: _, explode: __, ...rest }) =>
    schema === undefined || rest['in'] === 'path'
      ? undefined
      : { ...rest, content: { 'application/json': { schema } } },
  ),
  'switch required of the body': edited(BODY, (body) =>
    body['$ref'] ? undefined : { ...body, required: body['required'] !== true },
  ),
  'remove the body': removed(BODY),
  'add a body': edited(OPERATION, (operation, dice, path) =>
    isMethod(path) && operation['requestBody'] === undefined
      ? {
          ...operation,
          requestBody: { required: dice.once(2), content: { 'application/json': { schema: { type: 'object' } } } },
        }
      : undefined,
  ),
  'another media type': edited([...OPERATION, '*', 'content'], otherType),
  'another media type of a response': edited([...RESPONSE, 'content'], otherType),
  'one more media type': edited([...OPERATION, '*', 'content'], moreTypes),
  'one more media type of a response': edited([...RESPONSE, 'content'], moreTypes),
  'remove a media type': removedType([...OPERATION, '*', 'content']),
  'remove a media type of a response': removedType([...RESPONSE, 'content']),
  'a media type without a schema': edited([...OPERATION, '*', 'content', '*'], () => ({})),
  'remove a response': (document, dice) => {
    const places = placesOf(document, RESPONSE);
    return places.length === 0 ? undefined : withAt(document, dice.pick(places), undefined);
  },
  'add a success': edited(RESPONSES, (responses) =>
    responses['203'] ? undefined : { ...responses, 203: { description: 'Done.' } },
  ),
  'a range of statuses': edited(
    RESPONSES,
    (responses) => renamed('200', '2XX')(responses) ?? renamed('2XX', '200')(responses),
  ),
  'a default of statuses': edited(RESPONSES, (responses) => {
    const [status] = Object.keys(responses);
    return status === undefined ? undefined : renamed(status, 'default')(responses);
  }),
  'another response in the range': edited(RESPONSES, (responses, dice, _, document) => ({
    ...responses,
    [dice.pick(['200', '2XX', '4XX', 'default'])]: {
      description: 'Done.',
      content: { 'application/json': { schema: new ApiSchemas(dice, dialectOf(document), ['Item']).any(2) } },
    },
  })),
  'no content': edited(RESPONSE, ({ content, ...rest }) => (content === undefined ? undefined : rest)),
  'some content': edited(RESPONSE, (response) =>
    response['content'] === undefined && response['$ref'] === undefined
      ? { ...response, content: { 'application/json': { schema: { type: 'string' } } } }
      : undefined,
  ),
  'remove a header': removed(HEADER),
  'switch required of a header': edited(HEADER, (header) =>
    header['$ref'] ? undefined : { ...header, required: header['required'] !== true },
  ),
  'other credentials': edited(OPERATION, (operation, dice, path) =>
    isMethod(path)
      ? {
          ...operation,
          security: dice.pick<JsonValue>([
            [],
            [{}],
            [{ key: [] }],
            [{ token: [] }],
            [{ oauth: ['read'] }],
            [{ oauth: ['read', 'write'] }, { key: [] }],
            [{}, { key: [] }],
            [{ key: [], token: [] }],
          ]),
        }
      : undefined,
  ),
  'another scheme': edited(['components', 'securitySchemes'], (schemes, dice) => ({
    ...schemes,
    ...dice.pick<JsonObject>([
      { key: { type: 'apiKey', in: 'header', name: 'x-key' } },
      { key: { type: 'apiKey', in: 'query', name: 'key' } },
      { key: { type: 'http', scheme: 'bearer' } },
      { token: { type: 'http', scheme: 'Bearer', bearerFormat: 'JWT' } },
      { token: { type: 'http', scheme: 'basic' } },
    ]),
  })),
  'rename a shared schema': (document, dice) => {
    const name = dice.pick(['Item', 'Cat', 'Part']);
    const text = JSON.stringify(document).replaceAll(`schemas/${name}"`, `schemas/${name}2"`);
    const next: JsonValue = JSON.parse(text);
    if (!isObject(next)) return undefined;
    const schema = at(next, ['components', 'schemas', name]);
    return schema === undefined
      ? undefined
      : withAt(withAt(next, ['components', 'schemas', name], undefined), ['components', 'schemas', `${name}2`], schema);
  },
};

function otherType(content: JsonObject, dice: Dice): JsonObject | undefined {
  return renamed(
    dice.pick(Object.keys(content)),
    dice.pick(['application/xml', 'application/*', '*/*', 'text/plain']),
  )(content);
}

function moreTypes(content: JsonObject, dice: Dice): JsonObject | undefined {
  const [first] = Object.values(content);
  const type = dice.pick(['application/xml', 'application/*', '*/*', 'text/plain']);
  return first === undefined || content[type] !== undefined ? undefined : { ...content, [type]: first };
}

function removedType(pattern: Path): ApiEdit {
  return edited(pattern, (content, dice) => {
    const types = Object.keys(content);
    const gone = dice.pick(types);
    return types.length < 2 ? undefined : Object.fromEntries(Object.entries(content).filter(([type]) => type !== gone));
  });
}
