import { isRecord } from '@atlas/stack';

/** What `acceptedApi` changes, for the note of a row. */
export const CHANGES =
  'nullable becomes a type, int64 gets a maximum, names become identifiers, three routes are renamed, operations are public, statuses of the plumbing become one default, a body has one media type, which is JSON, and a parameter has one type';

/** A part of a document, read from JSON. */
type Part = Readonly<Record<string, unknown>>;

/**
 * GitHub's OpenAPI 3.0 document as an OpenAPI 3.1 document that `atlas check` accepts. All operations and all schemas
 * of components are kept, so that it is as much work as before.
 */
export function acceptedApi(document: Part): Part {
  const changed = partOf(mapped(document, (part) => withOneType(withMaximum(withNull(part)))));
  const components = partOf(changed['components']);
  const refused = { description: 'The request is refused.', content: { 'application/problem+json': { schema: {} } } };
  return {
    ...changed,
    openapi: '3.1.0',
    security: [],
    paths: paths(partOf(changed['paths'])),
    components: { ...components, responses: { ...members(components['responses'], withJson), Refused: refused } },
  };
}

/** The statuses with which the plumbing answers problems (ATL2021): the document has other content for them. */
const PLUMBING: ReadonlySet<string> = new Set(
  [400, 408, 413, 414, 415, 417, 431, 500, 501, 503].map((status) => String(status)),
);

/** Paths with identifiers as names that fill their segments. Of two paths of one route, the later gets a longer one. */
function paths(items: Part): Part {
  const routes = new Set<string>();
  return Object.fromEntries(
    Object.entries(items).map(([written, item]) => {
      const path = written
        .replaceAll(/\{([^}]*)\}/g, (_, name: string) => `{${camelCase(name)}}`)
        .replaceAll('}...{', '}/{');
      const route = path.replaceAll(/\{[^}]*\}/g, '{}');
      const isFree = !routes.has(route);
      routes.add(route);
      return [isFree ? path : `${path}/other`, pathItem(partOf(item))];
    }),
  );
}

function pathItem(item: Part): Part {
  return members(item, (value) => {
    const { operationId, requestBody, responses, ...operation } = partOf(value);
    if (!isRecord(responses)) return value;
    const answers = Object.entries(responses).filter(([status]) => !PLUMBING.has(status));
    return {
      ...operation,
      operationId: camelCase(String(operationId)),
      ...(requestBody === undefined ? {} : { requestBody: withJson(requestBody) }),
      responses: {
        ...members(Object.fromEntries(answers), withJson),
        default: { $ref: '#/components/responses/Refused' },
      },
    };
  });
}

/** A body or a response with one media type, and without the header that the server sets (ATL2030). */
function withJson(value: unknown): unknown {
  const { content, headers, ...rest } = partOf(value);
  const [first] = Object.values(partOf(content));
  const { 'Content-Length': _, ...others } = partOf(headers);
  return {
    ...rest,
    ...(headers === undefined ? {} : { headers: others }),
    ...(first === undefined ? {} : { content: { 'application/json': partOf(content)['application/json'] ?? first } }),
  };
}

/** OpenAPI 3.0 says `nullable`, and JSON Schema says it with a type. */
function withNull({ nullable, ...part }: Part): Part {
  if (typeof nullable !== 'boolean') return nullable === undefined ? part : { nullable, ...part };
  if (!nullable) return part;
  const { type, enum: values, allOf, ...rest } = part;
  const orNull = (choice: string): Part => {
    const branches = rest[choice];
    return Array.isArray(branches) ? { [choice]: [...branches, { type: 'null' }] } : {};
  };
  return {
    ...rest,
    ...orNull('oneOf'),
    ...orNull('anyOf'),
    ...(allOf === undefined ? {} : { anyOf: [{ allOf }, { type: 'null' }] }),
    ...(type === undefined ? {} : { type: [type, 'null'] }),
    ...(Array.isArray(values) ? { enum: [...new Set([...values, null])] } : {}),
  };
}

/** JavaScript reads larger integers wrongly (ATL2023). */
function withMaximum(part: Part): Part {
  return part['format'] === 'int64' ? { ...part, maximum: Number.MAX_SAFE_INTEGER } : part;
}

/** A parameter has the first of its types (ATL2019), and a name that is an identifier (ATL2018). */
function withOneType(part: Part): Part {
  const { in: where, name, schema } = part;
  if (typeof where !== 'string' || typeof name !== 'string' || !isRecord(schema)) return part;
  const { oneOf, ...rest } = schema;
  const first: unknown = Array.isArray(oneOf) ? oneOf[0] : undefined;
  return {
    ...part,
    name: where === 'path' ? camelCase(name) : name,
    schema: first === undefined ? schema : { ...rest, ...partOf(first) },
  };
}

/** `meta/root` is `metaRoot`. An identifier stays as it is. */
function camelCase(name: string): string {
  return name.replaceAll(/[^\w]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function mapped(value: unknown, change: (part: Part) => Part): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, change));
  return isRecord(value) ? change(members(value, (member) => mapped(member, change))) : value;
}

function members(value: unknown, change: (member: unknown) => unknown): Part {
  return Object.fromEntries(Object.entries(partOf(value)).map(([name, member]) => [name, change(member)]));
}

function partOf(value: unknown): Part {
  return isRecord(value) ? value : {};
}
