import { randomUUID } from 'node:crypto';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { escapeJsonPointer, unescapeJsonPointer } from 'ajv/dist/compile/util.js';
import addFormats from 'ajv-formats';
import type { Received } from './ask.ts';

/** An operation of the document that a service serves. */
export interface ServedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Roles that are sufficient together. Undefined if the caller signs the body instead. */
  readonly roles: readonly string[] | undefined;
  /** A value for each parameter of the path. */
  readonly pathValues: ReadonlyMap<string, string>;
  readonly takesKey: boolean;
  readonly takesVersion: boolean;
  /** An example of the body. Undefined if the operation takes none. */
  readonly body: unknown;
  /** Its media type; empty without a body. */
  readonly bodyType: string;
  /** Whether the operation takes the body. */
  readonly accepts: (body: unknown) => boolean;
}

export interface ServedContract {
  readonly operations: readonly ServedOperation[];
  /** The parts of an answer that the document does not declare for the operation. */
  readonly misfitsOf: (operation: ServedOperation, received: Received) => readonly string[];
}

const PROBLEM = 'application/problem+json';
/** Headers that every answer may have or that HTTP itself needs. Others must be declared. */
const UNDECLARED = new Set([
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'vary',
  'x-content-type-options',
  'x-correlation-id',
]);

type Node = { readonly [key: string]: unknown };

/** Reads /openapi.json. It uses neither generated code nor the toolkit, like a client of another team. */
export async function servedContract(url: string): Promise<ServedContract> {
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(nodeOf(document), 'served');
  const validators = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `served#${pointer}` });
    validators.set(pointer, known);
    return known;
  };

  /** A node and its pointer, after its references. */
  const at = (pointer: string): { readonly pointer: string; readonly node: Node } | undefined => {
    let node: unknown = document;
    for (const token of pointer.split('/').slice(1)) node = nodeOf(node)[unescapeJsonPointer(token)];
    if (node === undefined) return undefined;
    const { $ref: reference } = nodeOf(node);
    return typeof reference === 'string' ? at(reference.slice(1)) : { pointer, node: nodeOf(node) };
  };

  const operations = Object.entries(nodeOf(nodeOf(document)['paths'])).flatMap(([path, item]) =>
    ['get', 'head', 'post', 'put', 'patch', 'delete'].flatMap((method): ServedOperation[] => {
      const operation = nodeOf(nodeOf(item)[method]);
      const base = `/paths/${escapeJsonPointer(path)}/${method}`;
      if (typeof operation['operationId'] !== 'string') return [];
      const parameters = [`/paths/${escapeJsonPointer(path)}`, base].flatMap((holder) =>
        listOf(at(holder)?.node['parameters']).flatMap((_, index) => at(`${holder}/parameters/${index}`) ?? []),
      );
      const names = parameters.map(({ node }) => node['name']);
      const inPath = parameters.filter(({ node }) => node['in'] === 'path');
      const [needed] = listOf(operation['security'] ?? nodeOf(document)['security']).map(nodeOf);
      const content = `${base}/requestBody/content`;
      // There is at most one media type: JSON, or JSON Merge Patch (RFC 7396).
      const [type = ''] = Object.keys(at(content)?.node ?? {});
      const schema = at(`${content}/${escapeJsonPointer(type)}/schema`);
      return [
        {
          id: operation['operationId'],
          method: method.toUpperCase(),
          path,
          roles:
            needed?.['keycloak'] === undefined
              ? undefined
              : listOf(needed['keycloak']).filter((role) => typeof role === 'string'),
          pathValues: new Map(
            inPath.map(({ node, pointer }) => [String(node['name']), exampleOf(at(`${pointer}/schema`)?.node)]),
          ),
          takesKey: names.includes('Idempotency-Key'),
          takesVersion: names.includes('If-Match'),
          body: schema && listOf(schema.node['examples'])[0],
          bodyType: type,
          accepts: (body) => schema !== undefined && validatorAt(schema.pointer)(body),
        },
      ];
    }),
  );

  const misfitsOf = ({ method, path }: ServedOperation, { status, headers, body }: Received): readonly string[] => {
    const responses = `/paths/${escapeJsonPointer(path)}/${method.toLowerCase()}/responses`;
    const listed = at(`${responses}/${status}`);
    const declared = listed ?? at(`${responses}/default`);
    if (declared === undefined) return [`${status} is not declared`];
    const misfits: string[] = [];
    const fields = new Map(Object.keys(nodeOf(declared.node['headers'])).map((name) => [name.toLowerCase(), name]));
    for (const [lower, name] of fields) {
      const header = at(`${declared.pointer}/headers/${escapeJsonPointer(name)}`);
      const text = headers.get(lower);
      if (text === undefined && header?.node['required'] === true) misfits.push(`${status} comes without ${name}`);
      if (text === undefined || header === undefined) continue;
      const numeric = at(`${header.pointer}/schema`)?.node['type'] === 'integer';
      const validate = validatorAt(`${header.pointer}/schema`);
      if (!validate(numeric ? Number(text) : text))
        misfits.push(`${name} of ${status}: ${ajv.errorsText(validate.errors)}`);
    }
    for (const name of headers.keys())
      if (listed && !UNDECLARED.has(name) && !fields.has(name)) misfits.push(`${status} comes with ${name}`);
    if (body === '') return misfits;
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    const media = at(`${declared.pointer}/content/${escapeJsonPointer(type)}`);
    if (media === undefined) return [...misfits, `${status} comes as ${type}`];
    const validate = validatorAt(`${media.pointer}/schema`);
    const value: unknown = JSON.parse(body);
    if (!validate(value)) misfits.push(`the body of ${status}: ${ajv.errorsText(validate.errors)}`);
    if (type === PROBLEM && nodeOf(value)['correlationId'] !== headers.get('x-correlation-id'))
      misfits.push(`${status} has two correlation ids`);
    return misfits;
  };
  return { operations, misfitsOf };
}

/** A value that a schema accepts: a new id, or the example or the only value that the schema has. */
function exampleOf(schema: Node = {}): string {
  if (schema['format'] === 'uuid') return randomUUID();
  if (schema['type'] === 'integer') return '1';
  const [first] = [...listOf(schema['enum']), ...listOf(schema['examples'])];
  return typeof first === 'string' ? first : 'BOLT-M8';
}

function nodeOf(value: unknown): Node {
  return isNode(value) ? value : {};
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
