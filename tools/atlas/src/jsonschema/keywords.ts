/**
 * The dialects that specs use: `2020-12` is OpenAPI 3.1's (with its base vocabulary, section 4.8.24.2), `openapi-3.0`
 * is the Schema Object of OpenAPI 3.0, `draft-07` is the base of AsyncAPI 3.0's Schema Object.
 */
export type Dialect = '2020-12' | 'openapi-3.0' | 'draft-07';

/** How the value of a keyword contains schemas. */
export type Holds = 'schema' | 'list' | 'schema-or-list' | 'map';

/** What Atlas needs to know about a keyword. A key without an entry is an annotation whose value is data. */
export interface Keyword {
  /**
   * An `applicator` and an `assertion` decide whether a value is valid, an `annotation` does not. A `core` keyword
   * names schemas or refers to them (JSON Schema 2020-12 core, sections 7 and 8).
   */
  readonly role: 'applicator' | 'assertion' | 'annotation' | 'core';
  /** Absent if the value contains no schemas. */
  readonly holds?: Holds;
  /**
   * Whether a value that the keyword's schemas refuse may still be valid, because they are a condition and not a
   * requirement.
   */
  readonly condition?: true;
  /** What the schemas of an applicator apply to: the value, its members or items, or the names of its members. */
  readonly judges?: 'value' | 'children' | 'names';
  /**
   * For one of the members or items: the one with the `name`, the `others` without one, the one at the `index`, or the
   * `rest` after those. Absent if what it judges depends on more than that.
   */
  readonly part?: 'name' | 'others' | 'index' | 'rest';
  /** The only type of value that the keyword applies to. Absent if it applies to every type. */
  readonly type?: 'number' | 'string' | 'array' | 'object';
  /** Whether a TypeScript type expresses it, so that the generated type of a schema depends on it. */
  readonly typed?: true;
  /** Whether the value is data, in which a `$ref` is an ordinary key. */
  readonly data?: true;
  /** In which direction a property may be sent if its schema has this keyword with the value `true`. */
  readonly sentIn?: 'requests' | 'responses';
}

interface Row extends Keyword {
  readonly dialects: readonly Dialect[];
}

const EVERY: readonly Dialect[] = ['2020-12', 'openapi-3.0', 'draft-07'];
const JSON_SCHEMA: readonly Dialect[] = ['2020-12', 'draft-07'];
const LATEST: readonly Dialect[] = ['2020-12'];
const OPENAPI: readonly Dialect[] = ['2020-12', 'openapi-3.0'];
const OPENAPI_30: readonly Dialect[] = ['openapi-3.0'];
const DRAFT_07: readonly Dialect[] = ['draft-07'];

const ROWS: Readonly<Record<string, Row>> = {
  $ref: { role: 'core', typed: true, dialects: EVERY },
  $id: { role: 'core', dialects: JSON_SCHEMA },
  $schema: { role: 'core', dialects: JSON_SCHEMA },
  $comment: { role: 'core', dialects: JSON_SCHEMA },
  $anchor: { role: 'core', dialects: LATEST },
  $dynamicAnchor: { role: 'core', dialects: LATEST },
  $dynamicRef: { role: 'core', dialects: LATEST },
  $vocabulary: { role: 'core', dialects: LATEST },
  $defs: { role: 'core', holds: 'map', dialects: LATEST },
  // The meta-schema of 2020-12 keeps the older name, and references may lead into it.
  definitions: { role: 'core', holds: 'map', dialects: JSON_SCHEMA },

  allOf: { role: 'applicator', typed: true, holds: 'list', judges: 'value', dialects: EVERY },
  anyOf: { role: 'applicator', typed: true, holds: 'list', judges: 'value', dialects: EVERY },
  oneOf: { role: 'applicator', typed: true, holds: 'list', judges: 'value', dialects: EVERY },
  not: { role: 'applicator', holds: 'schema', condition: true, judges: 'value', dialects: EVERY },
  if: { role: 'applicator', holds: 'schema', condition: true, judges: 'value', dialects: JSON_SCHEMA },
  then: { role: 'applicator', holds: 'schema', judges: 'value', dialects: JSON_SCHEMA },
  else: { role: 'applicator', holds: 'schema', judges: 'value', dialects: JSON_SCHEMA },
  dependentSchemas: { role: 'applicator', holds: 'map', judges: 'value', type: 'object', dialects: LATEST },
  // A member may also be a list of names, which means the same as in dependentRequired.
  dependencies: { role: 'applicator', holds: 'map', judges: 'value', type: 'object', dialects: DRAFT_07 },

  properties: {
    role: 'applicator',
    typed: true,
    holds: 'map',
    judges: 'children',
    part: 'name',
    type: 'object',
    dialects: EVERY,
  },
  patternProperties: {
    role: 'applicator',
    typed: true,
    holds: 'map',
    judges: 'children',
    type: 'object',
    dialects: JSON_SCHEMA,
  },
  additionalProperties: {
    role: 'applicator',
    typed: true,
    holds: 'schema',
    judges: 'children',
    part: 'others',
    type: 'object',
    dialects: EVERY,
  },
  unevaluatedProperties: {
    role: 'applicator',
    typed: true,
    holds: 'schema',
    judges: 'children',
    type: 'object',
    dialects: LATEST,
  },
  propertyNames: { role: 'applicator', holds: 'schema', judges: 'names', type: 'object', dialects: JSON_SCHEMA },
  items: {
    role: 'applicator',
    typed: true,
    holds: 'schema',
    judges: 'children',
    part: 'rest',
    type: 'array',
    dialects: OPENAPI,
  },
  prefixItems: {
    role: 'applicator',
    typed: true,
    holds: 'list',
    judges: 'children',
    part: 'index',
    type: 'array',
    dialects: LATEST,
  },
  additionalItems: { role: 'applicator', holds: 'schema', judges: 'children', type: 'array', dialects: DRAFT_07 },
  unevaluatedItems: { role: 'applicator', holds: 'schema', judges: 'children', type: 'array', dialects: LATEST },
  contains: { role: 'applicator', holds: 'schema', judges: 'children', type: 'array', dialects: JSON_SCHEMA },

  type: { role: 'assertion', typed: true, dialects: EVERY },
  nullable: { role: 'assertion', dialects: OPENAPI_30 },
  enum: { role: 'assertion', typed: true, data: true, dialects: EVERY },
  const: { role: 'assertion', typed: true, data: true, dialects: JSON_SCHEMA },
  // An assertion only for the formats of `isCheckedFormat`.
  format: { role: 'assertion', dialects: EVERY },
  multipleOf: { role: 'assertion', type: 'number', dialects: EVERY },
  minimum: { role: 'assertion', type: 'number', dialects: EVERY },
  maximum: { role: 'assertion', type: 'number', dialects: EVERY },
  // A number. In OpenAPI 3.0 a boolean, which excludes the value of `minimum` or `maximum`.
  exclusiveMinimum: { role: 'assertion', type: 'number', dialects: EVERY },
  exclusiveMaximum: { role: 'assertion', type: 'number', dialects: EVERY },
  minLength: { role: 'assertion', type: 'string', dialects: EVERY },
  maxLength: { role: 'assertion', type: 'string', dialects: EVERY },
  pattern: { role: 'assertion', type: 'string', dialects: EVERY },
  minItems: { role: 'assertion', type: 'array', dialects: EVERY },
  maxItems: { role: 'assertion', type: 'array', dialects: EVERY },
  uniqueItems: { role: 'assertion', type: 'array', dialects: EVERY },
  minContains: { role: 'assertion', type: 'array', dialects: LATEST },
  maxContains: { role: 'assertion', type: 'array', dialects: LATEST },
  minProperties: { role: 'assertion', type: 'object', dialects: EVERY },
  maxProperties: { role: 'assertion', type: 'object', dialects: EVERY },
  required: { role: 'assertion', type: 'object', dialects: EVERY },
  dependentRequired: { role: 'assertion', type: 'object', dialects: LATEST },

  title: { role: 'annotation', dialects: EVERY },
  description: { role: 'annotation', dialects: EVERY },
  default: { role: 'annotation', data: true, dialects: EVERY },
  example: { role: 'annotation', data: true, dialects: OPENAPI },
  examples: { role: 'annotation', data: true, dialects: JSON_SCHEMA },
  deprecated: { role: 'annotation', dialects: EVERY },
  readOnly: { role: 'annotation', sentIn: 'responses', dialects: EVERY },
  writeOnly: { role: 'annotation', sentIn: 'requests', dialects: EVERY },
  contentEncoding: { role: 'annotation', type: 'string', dialects: JSON_SCHEMA },
  contentMediaType: { role: 'annotation', type: 'string', dialects: JSON_SCHEMA },
  contentSchema: { role: 'annotation', holds: 'schema', type: 'string', dialects: LATEST },
  discriminator: { role: 'annotation', dialects: EVERY },
  externalDocs: { role: 'annotation', dialects: EVERY },
  xml: { role: 'annotation', dialects: OPENAPI },
};

/** In 2020-12, `prefixItems` contains the list. */
const DRAFT_07_ITEMS: Keyword = {
  role: 'applicator',
  holds: 'schema-or-list',
  judges: 'children',
  part: 'rest',
  type: 'array',
};

const TABLES: Readonly<Record<Dialect, ReadonlyMap<string, Keyword>>> = {
  '2020-12': tableOf('2020-12'),
  'openapi-3.0': tableOf('openapi-3.0'),
  'draft-07': tableOf('draft-07'),
};

function tableOf(dialect: Dialect): ReadonlyMap<string, Keyword> {
  const rows = Object.entries(ROWS).filter(([, { dialects }]) => dialects.includes(dialect));
  return new Map<string, Keyword>([...rows, ...(dialect === 'draft-07' ? [['items', DRAFT_07_ITEMS] as const] : [])]);
}

/** The keywords of a dialect by name. */
export function keywordsOf(dialect: Dialect): ReadonlyMap<string, Keyword> {
  return TABLES[dialect];
}

/** Whether a keyword decides whether a value is valid. Validators need no others. */
export function decides(key: string, dialect: Dialect = '2020-12'): boolean {
  const role = TABLES[dialect].get(key)?.role;
  return role === 'applicator' || role === 'assertion';
}

/** The keywords that contain schemas: one schema or a list (`schema`), or a map of schemas by name (`schema*`). */
export function schemaKinds(dialect: Dialect): Readonly<Record<string, 'schema' | 'schema*'>> {
  return Object.fromEntries(
    [...TABLES[dialect]].flatMap(([name, { holds }]) =>
      holds === undefined ? [] : [[name, holds === 'map' ? 'schema*' : 'schema'] as const],
    ),
  );
}

/** Whether keys beside `$ref` are ignored (JSON Schema draft 7 core, section 8.3; OpenAPI 3.0.4, section 4.8.23). */
export function refStandsAlone(dialect: Dialect): boolean {
  return dialect !== '2020-12';
}

/**
 * Formats that generated validators check (JSON Schema 2020-12 validation, section 7.3; OpenAPI's format registry). All
 * others are ignored.
 */
export const CHECKED_FORMATS: ReadonlySet<string> = new Set([
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'int32',
  'int64',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'time',
  'uri',
  'uri-reference',
  'uuid',
]);

export function isCheckedFormat(format: unknown): boolean {
  return typeof format === 'string' && CHECKED_FORMATS.has(format);
}
