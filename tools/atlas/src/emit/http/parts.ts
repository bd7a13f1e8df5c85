import {
  isObject,
  type HttpApi,
  type JsonValue,
  type Loc,
  type Operation,
  type Param,
  type ResponseHeader,
  type StatusRange,
} from '@atlas/ir';
import { partName } from '@atlas/templates/http';
import { atRef } from '../../jsonschema/json.ts';

/** One schema to compile, and its name in the compiled module. References lead into the document. */
export interface Part {
  readonly name: string;
  readonly schema: JsonValue;
  readonly loc: Loc;
  /** The parameters whose defaults are filled in. */
  readonly params?: readonly Param[];
}

/** Everything that is validated: parameters, bodies, JSON responses, response headers, and webhooks that are sent. */
export function validatedParts(api: HttpApi<StatusRange>): readonly Part[] {
  const webhooks = api.webhooks.map(({ id, schema, loc }) => ({ name: partName.webhook(id), schema, loc }));
  return [...api.operations.flatMap(operationParts), ...webhooks];
}

function operationParts(operation: Operation<StatusRange>): readonly Part[] {
  const { id, params, body, loc } = operation;
  return [
    ...(params.length > 0 ? [{ name: partName.params(id), schema: paramsSchema(params), loc, params }] : []),
    ...(body ? [{ name: partName.body(id), schema: body.schema, loc }] : []),
    ...responseParts(operation),
    ...operation.responses.flatMap(({ status, headers }) =>
      headers.length > 0 ? [{ name: partName.headers(id, status), schema: groupSchema(headers), loc }] : [],
    ),
  ];
}

/** Everything that is serialised: JSON responses. */
export function serializedParts(api: HttpApi): readonly Part[] {
  return api.operations.flatMap(responseParts);
}

function responseParts({ id, loc, responses }: Operation<StatusRange>): readonly Part[] {
  return responses.flatMap(({ status, content }) =>
    content.kind === 'json' ? [{ name: partName.response(id, status), schema: content.schema, loc }] : [],
  );
}

/** The schema of `{path, query, header}`, into which the plumbing parses parameters. */
function paramsSchema(params: readonly Param[]): JsonValue {
  const groups = (['path', 'query', 'header'] as const).filter((group) => params.some((param) => param.in === group));
  return {
    type: 'object',
    required: groups,
    properties: Object.fromEntries(
      groups.map((group) => [group, groupSchema(params.filter((param) => param.in === group))]),
    ),
  };
}

function groupSchema(params: readonly (Param | ResponseHeader)[]): JsonValue {
  return {
    type: 'object',
    required: params.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(params.map(({ name, schema }) => [name, schema])),
  };
}

/** The default of a parameter: its own, or that of the schema that it refers to. Undefined if it has none. */
export function paramDefault(api: Pick<HttpApi, 'wireDocument'>, { schema }: Param): JsonValue | undefined {
  if (!isObject(schema)) return undefined;
  if (schema['default'] !== undefined) return schema['default'];
  const ref = schema['$ref'];
  const target = typeof ref === 'string' ? atRef(api.wireDocument, ref) : undefined;
  return isObject(target) ? target['default'] : undefined;
}
