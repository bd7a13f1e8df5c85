import {
  HTTP_METHODS,
  isList,
  isObject,
  parsePointer,
  type JsonObject,
  type JsonValue,
  type Operation,
  type StatusRange,
} from '@atlas/ir';
import { atRef, documentText } from '../../jsonschema/json.ts';
import { keywordsOf } from '../../jsonschema/keywords.ts';
import { leadingTo, partsIn, reachedRefs, refsIn, rewriteSchemas } from '../../jsonschema/walk.ts';

/** The parts of an operation that are changed. */
type Contents = Pick<Operation<StatusRange>, 'body' | 'responses' | 'method' | 'path' | 'security'>;

/** A document and its operations, whose schemas refer into the document. */
interface Api<Each extends Contents> {
  readonly document: JsonObject;
  readonly operations: readonly Each[];
}

/**
 * Applies `readOnly` and `writeOnly` (JSON Schema 2020-12 validation, section 9.4). A schema that leads to a readOnly
 * property gets a twin for requests, `<Name>Input`, which refuses that property and does not require it. For writeOnly,
 * responses have `<Name>Output`. The body of a signed webhook counts as a response. Returns the same API if it has no
 * such properties.
 */
export function directed<Each extends Contents>(api: Api<Each>): Api<Each> {
  const text = documentText(api.document);
  if (!text.includes('"readOnly":true') && !text.includes('"writeOnly":true')) return api;
  const sent: JsonValue[] = [];
  const answered: JsonValue[] = [];
  const collect = (schemas: JsonValue[]) => (schema: JsonValue) => (schemas.push(schema), schema);
  mapContents(api, collect(sent), collect(answered));
  const request = new Twins(api.document, 'responses', 'Input', sent);
  const response = new Twins(api.document, 'requests', 'Output', answered);
  const { document, operations } = mapContents(
    api,
    (schema) => request.direct(schema),
    (schema) => response.direct(schema),
  );
  const components = objectOf(document['components']);
  const schemas = { ...objectOf(components['schemas']), ...request.components(), ...response.components() };
  return { operations, document: { ...document, components: { ...components, schemas } } };
}

/** The reference to a schema, and the names that its copy does not require. */
interface Copied {
  readonly from: string;
  readonly names: ReadonlySet<string>;
}

const keyOf = ({ from, names }: Copied): string => JSON.stringify([from, ...[...names].toSorted()]);

/** The schemas of one direction, without the properties that are only sent in the other one. */
class Twins {
  readonly #document: JsonObject;
  /** The annotations of properties that are not sent in this direction: `readOnly` in requests. */
  readonly #marks: readonly string[];
  /** The name of the twin of the schema that a reference leads to, if it has a twin. */
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  /** The reference to the schema that a twin was made from, by the reference to the twin. */
  readonly #originals = new Map<string, string>();
  /** The references to copies of schemas that do not require some names, by `keyOf`. */
  readonly #copies = new Map<string, string>();
  /** What each copy is made from, by the reference to the copy. */
  readonly #copied = new Map<string, Copied>();
  readonly #suffix: string;

  /** `roots` are the schemas of all contents that are sent in the direction. */
  constructor(document: JsonObject, barred: 'requests' | 'responses', suffix: string, roots: readonly JsonValue[]) {
    this.#document = document;
    this.#suffix = suffix;
    this.#marks = [...keywordsOf('2020-12')].flatMap(([name, { sentIn }]) => (sentIn === barred ? [name] : []));
    const reached = new Set<string>();
    for (const root of roots) for (const _ of reachedRefs(root, (ref) => this.#target(ref), reached, DEMANDS));
    const affected = this.#affected(reached);
    // these copies refer to schemas that get a twin only now
    for (const names of [this.#copies, this.#copied, this.#taken]) names.clear();
    for (const ref of reached) if (affected.has(ref)) this.#name(ref);
  }

  /** The schema for this direction: the same object if it leads to no barred property. */
  direct(schema: JsonValue): JsonValue {
    return rewriteSchemas(
      schema,
      (inner, original) => (isObject(inner) && isObject(original) ? this.#change(inner, original) : inner),
      DEMANDS,
    );
  }

  /** The twins by name, and all copies that the schemas need that were changed until now. */
  components(): JsonObject {
    const made = [...this.#names].map(([ref, name]) => [name, this.direct(this.#target(ref))] as const);
    // this loop ends with the last copy that a copy needs
    for (const [ref, { from, names }] of this.#copied)
      made.push([nameOf(ref), this.#requiringNone(this.direct(this.#target(from)), names)]);
    return Object.fromEntries(made);
  }

  /** The references that lead to a barred property, directly or through others. */
  #affected(reached: ReadonlySet<string>): ReadonlySet<string> {
    // No twin has a name yet, so only a barred property changes a schema.
    const ends = [...reached].filter((ref) => this.direct(this.#target(ref)) !== this.#target(ref));
    return leadingTo(ends, reached, (ref) => refsIn(this.#target(ref), DEMANDS));
  }

  #name(ref: string): void {
    const name = this.#freeName(ref, this.#suffix);
    this.#names.set(ref, name);
    this.#originals.set(refTo(name), ref);
  }

  #freeName(ref: string, suffix: string): string {
    let name = `${nameOf(ref).replaceAll(/[^A-Za-z0-9._-]+/g, '_')}${suffix}`;
    while (this.#taken.has(name) || atRef(this.#document, refTo(name)) !== undefined) name += '_';
    this.#taken.add(name);
    return name;
  }

  #change(schema: JsonObject, original: JsonObject): JsonObject {
    const { $ref: ref, allOf, properties, required } = schema;
    const twin = typeof ref === 'string' ? this.#names.get(ref) : undefined;
    const own = this.#barredIn(original);
    const barred = this.#barredFor(original);
    if (twin === undefined && barred.size === 0) return schema;
    const ownRef = twin === undefined ? ref : refTo(twin);
    const demanding = typeof ownRef === 'string' && this.#requires(ownRef, barred) ? ownRef : undefined;
    const parts = [...(demanding === undefined ? [] : [{ $ref: demanding }]), ...(isList(allOf) ? allOf : [])];
    const { $ref: _, ...beside } = schema;
    return {
      ...(demanding === undefined ? schema : beside),
      ...(twin === undefined || demanding !== undefined ? {} : { $ref: refTo(twin) }),
      ...(own.length === 0
        ? {}
        : { properties: { ...objectOf(properties), ...Object.fromEntries(own.map((name) => [name, false])) } }),
      ...(isList(required) ? { required: withoutNames(required, barred) } : {}),
      ...(parts.length > 0 ? { allOf: parts.map((part) => this.#requiringNone(part, barred)) } : {}),
    };
  }

  /**
   * A part of a schema that requires none of the names. If the target of a reference requires one of them, the part
   * refers to a copy of it.
   */
  #requiringNone(part: JsonValue, names: ReadonlySet<string>): JsonValue {
    return rewriteSchemas(
      part,
      (inner) => {
        if (!isObject(inner)) return inner;
        const { $ref: ref, required, ...rest } = inner;
        const own = isList(required) ? { required: withoutNames(required, names) } : {};
        if (typeof ref !== 'string' || !this.#requires(ref, names))
          return isList(required) ? { ...inner, ...own } : inner;
        const copy = { $ref: this.#copy(ref, names) };
        const isAlone = Object.keys(rest).length === 0 && !isList(required);
        return isAlone ? copy : { ...rest, ...own, allOf: [copy, ...(isList(rest['allOf']) ? rest['allOf'] : [])] };
      },
      { enter: (keyword) => keyword === 'allOf' },
    );
  }

  /**
   * A reference to a copy of a schema that requires none of the names. Each copy is made once and has a name, because
   * the layers of a schema may lead to the same schema in very many ways.
   */
  #copy(ref: string, without: ReadonlySet<string>): string {
    const before = this.#copied.get(ref);
    const from = before?.from ?? ref;
    const names = before === undefined ? without : new Set([...before.names, ...without]);
    const key = keyOf({ from, names });
    const known = this.#copies.get(key);
    if (known !== undefined) return known;
    const copy = refTo(this.#freeName(this.#originals.get(from) ?? from, `${this.#suffix}Part`));
    this.#copies.set(key, copy);
    this.#copied.set(copy, { from, names });
    return copy;
  }

  /** Whether what is behind a reference requires one of the names. A twin requires none of its own barred names. */
  #requires(ref: string, names: ReadonlySet<string>): boolean {
    if (names.size === 0) return false;
    const copied = this.#copied.get(ref);
    if (copied) return this.#requires(copied.from, new Set([...names].filter((name) => !copied.names.has(name))));
    const required = this.#together({ $ref: ref }).flatMap((part) =>
      isList(part['required']) ? part['required'] : [],
    );
    const own = this.#barredFor({ $ref: ref });
    return required.some((name) => typeof name === 'string' && names.has(name) && !own.has(name));
  }

  #together(schema: JsonValue): readonly JsonObject[] {
    return partsIn(schema, (ref) => this.#target(ref));
  }

  /**
   * The names of the barred properties of an object: those of a schema, of its parts, of the targets of their
   * references, and those of all branches of a choice.
   */
  #barredFor(schema: JsonObject): ReadonlySet<string> {
    const barred = new Set<string>();
    for (const part of this.#together(schema)) {
      for (const name of this.#barredIn(part)) barred.add(name);
      for (const choice of [part['oneOf'], part['anyOf']]) {
        const [first, ...others] = (isList(choice) ? choice : []).map((branch) => this.#barredInParts(branch));
        for (const name of first ?? []) if (others.every((names) => names.has(name))) barred.add(name);
      }
    }
    return barred;
  }

  #barredInParts(schema: JsonValue): ReadonlySet<string> {
    return new Set(this.#together(schema).flatMap((part) => this.#barredIn(part)));
  }

  #barredIn(schema: JsonObject): readonly string[] {
    const properties = objectOf(schema['properties']);
    return Object.keys(properties).filter((name) => this.#isBarred(properties[name]));
  }

  #isBarred(property: JsonValue | undefined): boolean {
    return this.#together(property ?? true).some((part) => this.#marks.some((mark) => part[mark] === true));
  }

  #target(ref: string): JsonValue {
    return atRef(this.#document, this.#originals.get(ref) ?? ref) ?? true;
  }
}

function withoutNames(required: readonly JsonValue[], names: ReadonlySet<string>): readonly JsonValue[] {
  return required.filter((name) => typeof name !== 'string' || !names.has(name));
}

/** Conditions (`if`, `not`) stay as they are: because they refuse no property. */
const DEMANDS = { enter: (keyword: string): boolean => keywordsOf('2020-12').get(keyword)?.condition !== true };

/** The last part of a reference. */
function nameOf(ref: string): string {
  return parsePointer(decodeURIComponent(ref.slice(1)))?.at(-1) ?? '';
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

type Change = (schema: JsonValue) => JsonValue;

/** Changes the schemas of the contents of requests and responses, in the operations and in the document. */
function mapContents<Each extends Contents>(
  { document, operations }: Api<Each>,
  request: Change,
  response: Change,
): Api<Each> {
  // the sender of a webhook owns its schema, so the body is like a response of the sender
  const signed = operations.filter(({ security }) => security.some(({ webhook }) => webhook === true));
  const isSigned = (path: string, method: string): boolean =>
    signed.some((operation) => operation.path === path && operation.method === method);
  const bodyOf = (path: string, method: string): Change => (isSigned(path, method) ? response : request);
  const changed = operations.map((operation) => ({
    ...operation,
    ...(operation.body
      ? { body: { ...operation.body, schema: bodyOf(operation.path, operation.method)(operation.body.schema) } }
      : {}),
    responses: operation.responses.map((item) =>
      item.content.kind === 'json'
        ? { ...item, content: { ...item.content, schema: response(item.content.schema) } }
        : item,
    ),
  }));
  const paths = mapMembers(document['paths'], (item, path) =>
    mapMembers(item, (operation, key) => {
      if (!HTTP_METHODS.some((method) => method === key) || !isObject(operation)) return operation;
      const body = operation['requestBody'];
      return {
        ...operation,
        ...(body === undefined ? {} : { requestBody: mapContent(body, bodyOf(path, key)) }),
        ...(operation['responses'] === undefined
          ? {}
          : { responses: mapMembers(operation['responses'], (item) => mapContent(item, response)) }),
      };
    }),
  );
  const components = objectOf(document['components']);
  const { requestBodies, responses } = components;
  return {
    operations: changed,
    document: {
      ...document,
      paths,
      components: {
        ...components,
        ...(requestBodies ? { requestBodies: mapMembers(requestBodies, (item) => mapContent(item, request)) } : {}),
        ...(responses ? { responses: mapMembers(responses, (item) => mapContent(item, response)) } : {}),
      },
    },
  };
}

function mapContent(value: JsonValue, change: Change): JsonValue {
  if (!isObject(value) || !isObject(value['content'])) return value;
  const content = mapMembers(value['content'], (media) =>
    isObject(media) && media['schema'] !== undefined ? { ...media, schema: change(media['schema']) } : media,
  );
  return { ...value, content };
}

function mapMembers(value: JsonValue | undefined, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([key, item]) => [key, item === undefined ? item : change(item, key)]),
  );
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
