import { isObject, type HttpApi, type JsonObject, type JsonValue, type Operation } from '@atlas/ir';
import { atRef } from '../../jsonschema/json.ts';
import { mapSubschemas } from '../../jsonschema/walk.ts';

type Direction = 'readOnly' | 'writeOnly';

/**
 * The API with `readOnly` and `writeOnly` made plain (JSON Schema 2020-12 validation, section 9.4): a component that
 * holds a readOnly property somewhere gets a twin for requests, `<Name>Input`, where that property must not be sent and
 * is not required; `<Name>Output` likewise for writeOnly. An API without such properties is returned as it is.
 */
export function directed(api: HttpApi): HttpApi {
  const text = JSON.stringify(api.document);
  if (!text.includes('"readOnly":true') && !text.includes('"writeOnly":true')) return api;
  const request = new Director(api.document, 'readOnly', 'Input');
  const response = new Director(api.document, 'writeOnly', 'Output');
  const operations = api.operations.map((operation) => directOperation(operation, request, response));
  const paths = mapPaths(api.document['paths'], request, response);
  const components = isObject(api.document['components']) ? api.document['components'] : {};
  const parts = (section: string, director: Director): JsonObject => mapContents(components[section], director);
  const document = {
    ...api.document,
    paths,
    components: {
      ...components,
      ...(components['requestBodies'] ? { requestBodies: parts('requestBodies', request) } : {}),
      ...(components['responses'] ? { responses: parts('responses', response) } : {}),
      schemas: {
        ...(isObject(components['schemas']) ? components['schemas'] : {}),
        ...Object.fromEntries(request.twins),
        ...Object.fromEntries(response.twins),
      },
    },
  };
  return { ...api, document, operations };
}

/** Rewrites schemas for one direction. */
class Director {
  /** Components made for this direction, by name. */
  readonly twins = new Map<string, JsonValue>();
  readonly #document: JsonObject;
  readonly #key: Direction;
  readonly #suffix: string;
  readonly #affected = new Map<string, boolean>();

  constructor(document: JsonObject, key: Direction, suffix: string) {
    this.#document = document;
    this.#key = key;
    this.#suffix = suffix;
  }

  schema(schema: JsonValue): JsonValue {
    if (!isObject(schema) || !this.#concerns(schema, new Set())) return schema;
    const ref = schema['$ref'];
    const inner = mapSubschemas(schema, (part) => this.schema(part));
    const properties = inner['properties'];
    const barred = isObject(properties) ? this.#barred(properties) : [];
    return {
      ...inner,
      ...(typeof ref === 'string' ? { $ref: this.#twin(ref) } : {}),
      ...(isObject(properties)
        ? { properties: { ...properties, ...Object.fromEntries(barred.map((name) => [name, false])) } }
        : {}),
      ...(Array.isArray(inner['required'])
        ? {
            required: inner['required'].filter((name: JsonValue) => typeof name !== 'string' || !barred.includes(name)),
          }
        : {}),
    };
  }

  #barred(properties: JsonObject): readonly string[] {
    return Object.keys(properties).filter((name) => this.#isMarked(properties[name]));
  }

  #isMarked(schema: JsonValue | undefined): boolean {
    if (!isObject(schema)) return false;
    if (schema[this.#key] === true) return true;
    const ref = schema['$ref'];
    const target = typeof ref === 'string' ? atRef(this.#document, ref) : undefined;
    return isObject(target) && target[this.#key] === true;
  }

  #twin(ref: string): string {
    const match = /^#\/components\/schemas\/([^/]+)$/.exec(ref);
    if (!match?.[1] || this.#affected.get(ref) !== true) return ref;
    const name = this.#free(match[1]);
    if (!this.twins.has(name)) {
      this.twins.set(name, true); // breaks the circle of a schema that refers to itself
      this.twins.set(name, this.schema(atRef(this.#document, ref) ?? true));
    }
    return `#/components/schemas/${name}`;
  }

  #free(name: string): string {
    let free = `${name}${this.#suffix}`;
    while (atRef(this.#document, `#/components/schemas/${free}`) !== undefined) free = `${free}_`;
    return free;
  }

  /** Whether a marked property stands anywhere below. */
  #concerns(schema: JsonValue, seen: Set<string>): boolean {
    if (!isObject(schema)) return false;
    const properties = schema['properties'];
    if (isObject(properties) && this.#barred(properties).length > 0) return true;
    const ref = schema['$ref'];
    if (typeof ref === 'string' && this.#refConcerns(ref, seen)) return true;
    let found = false;
    mapSubschemas(schema, (inner) => {
      found ||= this.#concerns(inner, seen);
      return inner;
    });
    return found;
  }

  #refConcerns(ref: string, seen: Set<string>): boolean {
    const known = this.#affected.get(ref);
    if (known !== undefined) return known;
    if (seen.has(ref)) return false;
    seen.add(ref);
    const result = this.#concerns(atRef(this.#document, ref) ?? true, seen);
    // A "no" found inside a circle may only mean that the circle was cut there.
    if (result || seen.size === 1) this.#affected.set(ref, result);
    return result;
  }
}

function directOperation(operation: Operation, request: Director, response: Director): Operation {
  return {
    ...operation,
    ...(operation.body ? { body: { ...operation.body, schema: request.schema(operation.body.schema) } } : {}),
    responses: operation.responses.map((item) =>
      item.content.kind === 'json'
        ? { ...item, content: { ...item.content, schema: response.schema(item.content.schema) } }
        : item,
    ),
  };
}

function mapPaths(paths: JsonValue | undefined, request: Director, response: Director): JsonObject {
  return mapObject(paths, (item) =>
    mapObject(item, (operation, key) => {
      if (!METHODS.has(key) || !isObject(operation)) return operation;
      const body = operation['requestBody'];
      return {
        ...operation,
        ...(body === undefined ? {} : { requestBody: mapContent(body, request) }),
        ...(operation['responses'] === undefined ? {} : { responses: mapContents(operation['responses'], response) }),
      };
    }),
  );
}

const METHODS: ReadonlySet<string> = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options']);

function mapContents(value: JsonValue | undefined, director: Director): JsonObject {
  return mapObject(value, (item) => mapContent(item, director));
}

function mapContent(value: JsonValue, director: Director): JsonValue {
  if (!isObject(value) || !isObject(value['content'])) return value;
  const content = mapObject(value['content'], (media) =>
    isObject(media) && media['schema'] !== undefined ? { ...media, schema: director.schema(media['schema']) } : media,
  );
  return { ...value, content };
}

function mapObject(value: JsonValue | undefined, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? item : change(item, key)]),
  );
}
