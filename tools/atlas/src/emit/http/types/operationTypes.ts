import { isList, isObject, PATH_ITEM_METHODS, type JsonObject, type JsonValue } from '@atlas/ir';
import { atRef } from '../../../jsonschema/json.ts';
import { commentOf } from './comment.ts';
import { refType } from './refType.ts';
import type { SchemaTypes } from './schemaTypes.ts';
import { keyOf, nameText, NEVER, objectOf, other, STRING, UNKNOWN, type Type } from './type.ts';

const PLACES = ['query', 'header', 'path', 'cookie'] as const;

/** Types of the parts of one document that are not schemas. */
export class OperationTypes {
  readonly #document: JsonObject;
  readonly #schemas: SchemaTypes;
  /** By id, because a path that refers to a path item of the components has the same operations. */
  readonly #operations = new Map<string, string>();

  constructor(document: JsonObject, schemas: SchemaTypes) {
    this.#document = document;
    this.#schemas = schemas;
  }

  /** The members of the interface `operations`, as far as path items were added. */
  get operations(): readonly string[] {
    return [...this.#operations.values()];
  }

  /** An operation with an id has its type in `operations`. */
  pathItem(item: JsonObject): Type {
    const shared = listIn(item, 'parameters');
    const members = PATH_ITEM_METHODS.map((method) => {
      const operation = item[method];
      if (!isObject(operation)) return `readonly ${method}?: never;`;
      return `${commentOf(operation)}readonly ${method}: ${this.#operation(operation, shared).text};`;
    });
    return objectOf([this.#parameters(shared), ...members]);
  }

  parameter(parameter: JsonObject): Type {
    const { $ref, schema } = parameter;
    if (typeof $ref === 'string') return refType($ref);
    return schema === undefined ? STRING : this.#schemas.of(schema);
  }

  header(header: JsonObject): Type {
    const { $ref, schema, content } = header;
    if (typeof $ref === 'string') return refType($ref);
    if (schema !== undefined) return this.#schemas.of(schema);
    return isObject(content) ? objectOf(this.#content(content)) : UNKNOWN;
  }

  body(body: JsonObject): Type {
    const { $ref, content } = body;
    if (typeof $ref === 'string') return refType($ref);
    const members = isObject(content) ? this.#content(content) : [];
    return objectOf([`readonly content: ${objectOf(members.length > 0 ? members : ['"*/*"?: never;']).text};`]);
  }

  response(response: JsonObject): Type {
    const { $ref, headers, content } = response;
    if (typeof $ref === 'string') return refType($ref);
    const declared = entriesOf(headers).map(([name, header]) => {
      const optional = header['$ref'] !== undefined || header['required'] === true ? '' : '?';
      return `${commentOf(header)}readonly ${keyOf(name)}${optional}: ${this.header(header).text};`;
    });
    const media = isObject(content) ? this.#content(content) : [];
    return objectOf([
      `headers: ${objectOf([...declared, 'readonly [name: string]: unknown;']).text};`,
      media.length > 0 ? `content: ${objectOf(media).text};` : 'content?: never;',
    ]);
  }

  #operation(operation: JsonObject, shared: readonly JsonValue[]): Type {
    const { operationId: id, requestBody: body, responses } = operation;
    const own = new Map<string, JsonValue>();
    for (const parameter of [...shared, ...listIn(operation, 'parameters')]) {
      const { in: place, name } = this.#resolved(parameter);
      own.set(`${String(place)}-${String(name)}`, parameter);
    }
    const type = objectOf([
      this.#parameters([...own.values()]),
      isObject(body)
        ? `${commentOf(body)}readonly requestBody${this.#resolved(body)['required'] === true ? '' : '?'}: ${this.body(body).text};`
        : 'readonly requestBody?: never;',
      `readonly responses: ${this.#responses(responses).text};`,
    ]);
    if (typeof id !== 'string' || id === '') return type;
    if (!this.#operations.has(id)) this.#operations.set(id, `readonly ${keyOf(id)}: ${type.text};`);
    return other(`operations[${nameText(id)}]`);
  }

  #responses(responses: JsonValue | undefined): Type {
    const members = entriesOf(responses)
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, response]) => `${commentOf(response)}readonly ${keyOf(status)}: ${this.response(response).text};`);
    return members.length > 0 ? objectOf(members) : NEVER;
  }

  #content(content: JsonObject): readonly string[] {
    return entriesOf(content).map(([mediaType, media]) => {
      const { schema } = media;
      const type = schema === undefined ? UNKNOWN : this.#schemas.of(schema);
      return `${commentOf(media)}readonly ${keyOf(mediaType)}: ${type.text};`;
    });
  }

  #parameters(parameters: readonly JsonValue[]): string {
    const groups = PLACES.map((place) => {
      const members = parameters.flatMap((written) => {
        const parameter = this.#resolved(written);
        const { name } = parameter;
        return parameter['in'] === place && typeof name === 'string'
          ? [this.#member(written, parameter, place, name)]
          : [];
      });
      if (members.length === 0) return `readonly ${place}?: never;`;
      const optional = members.some(({ isRequired }) => isRequired) ? '' : '?';
      return `readonly ${place}${optional}: ${objectOf(members.map(({ text }) => text)).text};`;
    });
    return `readonly parameters: ${objectOf(groups).text};`;
  }

  #member(
    written: JsonValue,
    parameter: JsonObject,
    place: string,
    name: string,
  ): { readonly text: string; readonly isRequired: boolean } {
    const isRequired = place === 'path' || parameter['required'] === true;
    const ref = isObject(written) ? written['$ref'] : undefined;
    const type = typeof ref === 'string' ? refType(ref, [place, name]) : this.parameter(parameter);
    return {
      text: `${commentOf(parameter)}readonly ${keyOf(name)}${isRequired ? '' : '?'}: ${type.text};`,
      isRequired,
    };
  }

  /** A part, or the target if the part is a reference. */
  #resolved(part: JsonValue): JsonObject {
    const seen = new Set<string>();
    let target: JsonValue | undefined = part;
    while (isObject(target) && typeof target['$ref'] === 'string' && !seen.has(target['$ref'])) {
      seen.add(target['$ref']);
      target = atRef(this.#document, target['$ref']);
    }
    return isObject(target) ? target : {};
  }
}

function listIn(holder: JsonObject, key: string): readonly JsonValue[] {
  const list = holder[key];
  return isList(list) ? list : [];
}

/** The members of a map that are objects. */
export function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonObject])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => (isObject(member) ? [[key, member] as const] : []));
}
